package io.marketstream.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.run.SessionConfig;
import io.marketstream.spark.settings.TestSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.consumer.RecordingStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.function.FlatMapGroupsWithStateFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.GroupState;
import org.apache.spark.sql.streaming.GroupStateTimeout;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts the processes that batches start, with the JVM's own events, on a real Spark with state.
 */
@Timeout(120)
class CheckpointForksTest {
  private static final String IMPLEMENTATION = "spark.hadoop.fs.AbstractFileSystem.file.impl";

  @TempDir private Path dir;

  @Test
  void aBatchStartsNoProcess() throws Exception {
    assertThat(processesOfBatches(conf())).isEmpty();
  }

  /** Shows that the test above would notice processes. */
  @Test
  void withHadoopsOwnClassABatchStartsMany() throws Exception {
    SparkConf conf = conf().set(IMPLEMENTATION, "org.apache.hadoop.fs.local.LocalFs");

    assertThat(processesOfBatches(conf))
        .anyMatch(command -> command.contains("chmod"))
        .anyMatch(command -> command.contains("readlink"));
  }

  private SparkConf conf() {
    return SessionConfig.complete(
        new SparkConf(false)
            .setMaster("local[2]")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.ui.enabled", "false")
            .set("spark.local.dir", dir.resolve("local").toString()),
        TestSettings.settings());
  }

  private List<String> processesOfBatches(SparkConf conf) throws Exception {
    List<String> commands = Collections.synchronizedList(new ArrayList<>());
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    try (RecordingStream processes = new RecordingStream()) {
      processes.enable("jdk.ProcessStart");
      CountDownLatch told = new CountDownLatch(1);
      processes.onEvent(AllTold.class.getName(), event -> told.countDown());
      processes.onEvent("jdk.ProcessStart", event -> commands.add(event.getString("command")));
      StreamingQuery query =
          spark
              .readStream()
              .format("rate")
              .option("rowsPerSecond", "1000")
              .load()
              .selectExpr("value")
              .as(Encoders.LONG())
              .groupByKey((MapFunction<Long, Long>) value -> value % 10, Encoders.LONG())
              .flatMapGroupsWithState(
                  new Sum(),
                  OutputMode.Update(),
                  Encoders.LONG(),
                  Encoders.LONG(),
                  GroupStateTimeout.NoTimeout())
              .writeStream()
              .outputMode("update")
              .format("noop")
              .option("checkpointLocation", dir.resolve("checkpoint").toString())
              .start();
      awaitBatch(query, 0); // the first one creates folders
      processes.startAsync();
      awaitBatch(query, 5);
      query.stop();
      new AllTold().commit();
      assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      spark.stop();
    }
    return commands;
  }

  /** Marks the end of the events, because the JVM delivers events in order. */
  @Name("io.marketstream.spark.checkpoint.CheckpointForksTest$AllTold")
  private static final class AllTold extends Event {}

  /** Keeps state as the candles do. */
  private static final class Sum implements FlatMapGroupsWithStateFunction<Long, Long, Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Long> call(Long key, Iterator<Long> values, GroupState<Long> state) {
      long sum = state.exists() ? state.get() : 0;
      while (values.hasNext()) {
        sum += values.next();
      }
      state.update(sum);
      return List.of(sum).iterator();
    }
  }

  private static void awaitBatch(StreamingQuery query, long id) throws Exception {
    while (query.lastProgress() == null || query.lastProgress().batchId() < id) {
      assertThat(query.awaitTermination(20)).isFalse();
    }
  }
}
