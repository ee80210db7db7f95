package io.marketstream.benchmarks.run;

import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.TestStack;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A job that is measured. Each has the same heap and JVM options. */
enum Contender {
  /** The job as it is shipped: its properties file, and candles of one minute. */
  MARKET_STREAM("market-stream") {
    @Override
    JobSubmission submission(BenchStores stores, String topic, String keyspace, URI checkpoint) {
      return marketStream(
          SparkRelease.SPARK_3_5, MASTER, stores, topic, keyspace, checkpoint, List.of());
    }
  },

  /**
   * The same with {@code -Dmarketstream.bench.change}, to measure the effect of a setting. Its
   * label names a folder, and log4j would take a comma there for the end of a file name.
   */
  CHANGED("market-stream changed") {
    @Override
    JobSubmission submission(BenchStores stores, String topic, String keyspace, URI checkpoint) {
      return marketStream(
          SparkRelease.SPARK_3_5, MASTER, stores, topic, keyspace, checkpoint, CHANGES);
    }
  },

  /** {@code NaiveJob} with the defaults of Spark and its connectors. */
  NAIVE("naive") {
    @Override
    JobSubmission submission(BenchStores stores, String topic, String keyspace, URI checkpoint) {
      return new JobSubmission(
          SparkRelease.SPARK_3_5,
          MASTER,
          BuiltModule.jar("benchmarks/contenders"),
          "io.marketstream.benchmarks.contender.NaiveJob",
          Optional.empty(),
          cassandra(stores),
          List.of(
              "--bootstrap-servers",
              stores.kafka.bootstrapServers(),
              "--topic",
              topic,
              "--keyspace",
              keyspace,
              "--checkpoint",
              checkpoint.toString()));
    }
  },

  /** The job as it is shipped, on the newest Spark. */
  NEWEST_SPARK("batches") {
    @Override
    JobSubmission submission(BenchStores stores, String topic, String keyspace, URI checkpoint) {
      return marketStream(
          SparkRelease.SPARK_4_2, MASTER, stores, topic, keyspace, checkpoint, List.of());
    }
  },

  /** The same in real-time mode, with a task slot for each partition and two for the fold. */
  REAL_TIME("real-time") {
    @Override
    JobSubmission submission(BenchStores stores, String topic, String keyspace, URI checkpoint) {
      return marketStream(
          SparkRelease.SPARK_4_2,
          "local[" + (BenchStores.PARTITIONS + 3) + "]",
          stores,
          topic,
          keyspace,
          checkpoint,
          List.of("--trigger=realtime:" + REAL_TIME_INTERVAL));
    }
  },

  /** {@code PlainConsumer}, a Kafka consumer and a Cassandra driver without Spark. */
  PLAIN("plain consumer") {
    @Override
    JobSubmission submission(BenchStores stores, String topic, String keyspace, URI checkpoint) {
      return new JobSubmission(
          SparkRelease.SPARK_4_2,
          MASTER,
          BuiltModule.jar("benchmarks/contenders"),
          "io.marketstream.benchmarks.contender.PlainConsumer",
          Optional.empty(),
          Map.of(),
          List.of(
              "--bootstrap-servers",
              stores.kafka.bootstrapServers(),
              "--topic",
              topic,
              "--keyspace",
              keyspace,
              "--cassandra",
              stores.cqlHost() + ":" + stores.cqlPort()));
    }
  };

  private static final String MASTER = "local[2]";

  /** The interval of the checkpoint in real-time mode. */
  private static final String REAL_TIME_INTERVAL =
      System.getProperty("marketstream.bench.interval", "1m");

  /** Settings of Spark ({@code key=value}) and options ({@code --name=value}). */
  private static final List<String> CHANGES =
      Arrays.stream(System.getProperty("marketstream.bench.change", "").split(";"))
          .filter(change -> !change.isBlank())
          .toList();

  private final String label;

  Contender(String label) {
    this.label = label;
  }

  /**
   * Returns the contenders of this run. The changed job takes part only if there is a change.
   * {@code -Dmarketstream.bench.naive=false} leaves out the naive job, which takes long to catch
   * up.
   */
  static List<Contender> all() {
    boolean naive = !System.getProperty("marketstream.bench.naive", "true").equals("false");
    return Stream.of(MARKET_STREAM, CHANGED, NAIVE)
        .filter(contender -> contender != CHANGED || !CHANGES.isEmpty())
        .filter(contender -> contender != NAIVE || naive)
        .toList();
  }

  /** Returns its name in tables. */
  String label() {
    return label;
  }

  abstract JobSubmission submission(
      BenchStores stores, String topic, String keyspace, URI checkpoint);

  private static Map<String, String> cassandra(BenchStores stores) {
    return Map.of(
        "spark.cassandra.connection.host",
        stores.cqlHost(),
        "spark.cassandra.connection.port",
        stores.cqlPort());
  }

  private static JobSubmission marketStream(
      SparkRelease release,
      String master,
      BenchStores stores,
      String topic,
      String keyspace,
      URI checkpoint,
      List<String> changes) {
    Map<String, String> conf = new HashMap<>(cassandra(stores));
    List<String> options =
        new ArrayList<>(
            List.of(
                "--bootstrap-servers",
                stores.kafka.bootstrapServers(),
                "--topics",
                topic,
                "--gaps-topic",
                BenchStores.gapsOf(topic),
                "--rejected-topic",
                BenchStores.rejectedOf(topic),
                "--keyspace",
                keyspace,
                "--checkpoint",
                checkpoint.toString(),
                "--candles",
                "1m"));
    for (String change : changes) {
      int equals = change.indexOf('=');
      String name = change.substring(0, equals);
      String value = change.substring(equals + 1);
      if (name.startsWith("--")) {
        options.addAll(List.of(name, value));
      } else {
        conf.put(name, value);
      }
    }
    return new JobSubmission(
        release,
        master,
        BuiltModule.jar("spark-job"),
        "io.marketstream.spark.MarketDataJob",
        Optional.of(TestStack.ROOT.resolve("spark-job/conf/market-stream.properties")),
        conf,
        options);
  }
}
