package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.ObjectName;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uses a real Spark with the shipped metrics settings. */
@Timeout(120)
class JobObserverTest {
  private static final Path SETTINGS =
      Path.of(
          System.getProperty("marketstream.root"), "spark-job", "conf", "market-stream.properties");

  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private SparkSession spark;
  private JobObserver observer;
  private BatchCountsAccumulator counted;

  @TempDir Path dir;

  @BeforeEach
  void startSpark() throws IOException {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("local[2]")
            .setAppName("another name than the metrics have")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.ui.port", "0")
            .set("spark.sql.shuffle.partitions", "1")
            .set("spark.local.dir", dir.resolve("local").toString());
    Properties settings = new Properties();
    try (Reader file = Files.newBufferedReader(SETTINGS)) {
      settings.load(file);
    }
    settings.stringPropertyNames().stream()
        .filter(name -> name.startsWith("spark.metrics."))
        .forEach(name -> conf.set(name, settings.getProperty(name)));
    spark = SparkSession.builder().config(conf).getOrCreate();
    observer = JobObserver.observe(spark, "lines", Clock.systemUTC(), log::add);
    counted = BatchCountsAccumulator.register(spark, "lines");
    Files.createDirectories(dir.resolve("in"));
  }

  @AfterEach
  void stopSpark() {
    spark.stop();
  }

  @Test
  void everyBatchIsInTheLogAndInJmxAndPrometheus() throws Exception {
    Files.writeString(dir.resolve("in/one"), "a\nb\nc\n");
    Files.writeString(dir.resolve("in/two"), "d\ne\nf\n");
    StreamingQuery query = start(new AtomicBoolean());
    query.awaitTermination();
    observer.finish(20_000);

    assertThat(log).hasSize(2);
    assertThat(log.get(0))
        .matches(
            "batch id=0 read=3 .* ms=\\d+ trigger_ms=\\d+ latest_offset_ms=\\d+"
                + " wal_commit_ms=\\d+ get_batch_ms=\\d+ query_planning_ms=\\d+ add_batch_ms=\\d+"
                + " commit_offsets_ms=\\d+ latency_p50_ms=\\d+ .*"
                + "records_per_s=\\S+ lag=\\S+ .*");
    assertThat(log.get(1)).startsWith("batch id=1 read=3 ");
    assertThat(jmx("read", "gauges", "Value")).isEqualTo(3L);
    assertThat(jmx("read_total", "counters", "Count")).isEqualTo(6L);
    assertThat((Long) jmx("trigger_ms", "gauges", "Value")).isPositive();
    assertThat(prometheus())
        .contains(
            "metrics_market_stream_driver_market_data_read_Value{type=\"gauges\"} 3",
            "metrics_market_stream_driver_market_data_read_total_Count{type=\"counters\"} 6");
  }

  @Test
  void anUncommittedBatchIsInTheLogOfAFailedQuery() throws Exception {
    Files.writeString(dir.resolve("in/one"), "a\nb\nc\n");
    StreamingQuery query = start(new AtomicBoolean(true));
    try {
      query.awaitTermination();
    } catch (StreamingQueryException expected) {
      assertThat(expected).hasMessageContaining("after the last row");
    }
    observer.finish(20_000);

    assertThat(log).singleElement().asString().startsWith("batch id=0 read=3 ");
    assertThat(log.get(0)).contains(" trigger_ms=- ");
  }

  private StreamingQuery start(AtomicBoolean fails) throws Exception {
    BatchCountsAccumulator lines = counted;
    Dataset<String> read =
        spark
            .readStream()
            .option("maxFilesPerTrigger", "1")
            .textFile(dir.resolve("in").toString())
            .map(
                (MapFunction<String, String>)
                    line -> {
                      lines.add(JobCounter.READ, 1);
                      lines.addAge(5);
                      return line;
                    },
                Encoders.STRING());
    return read.writeStream()
        .queryName("lines")
        .option("checkpointLocation", dir.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow())
        .foreachBatch(
            (VoidFunction2<Dataset<String>, Long>)
                (batch, id) -> {
                  counted.reset();
                  batch.write().format("noop").mode("append").save();
                  observer.onBatchWritten(
                      new BatchReport(id, counted.value(), 1, System.currentTimeMillis()));
                  if (fails.get()) {
                    throw new IllegalStateException("after the last row");
                  }
                })
        .start();
  }

  private static Object jmx(String name, String type, String attribute) throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .getAttribute(
            new ObjectName(
                "metrics:name=market-stream.driver.market_data." + name + ",type=" + type),
            attribute);
  }

  private String prometheus() throws Exception {
    URI page = URI.create(spark.sparkContext().uiWebUrl().get() + "/metrics/prometheus/");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
