package io.marketstream.pipeline.bench;

import io.marketstream.local.component.JobSubmission;
import io.marketstream.local.component.SparkRelease;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.RealComponents;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job that is measured. Each has the same Spark, master, heap and JVM options. */
enum Contender {
  /** The job as it is shipped: its properties file, and candles of one minute. */
  MARKET_STREAM("market-stream") {
    @Override
    JobSubmission submission(BenchStores stores, String topic, String keyspace, URI checkpoint) {
      return new JobSubmission(
          SparkRelease.SPARK_3_5,
          MASTER,
          BuiltModule.jar("spark-job"),
          "io.marketstream.spark.MarketDataJob",
          Optional.of(RealComponents.ROOT.resolve("spark-job/conf/market-stream.properties")),
          cassandra(stores),
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
    }
  },

  /** {@link io.marketstream.benchmarks.NaiveJob} with the defaults of Spark and its connectors. */
  NAIVE("naive") {
    @Override
    JobSubmission submission(BenchStores stores, String topic, String keyspace, URI checkpoint) {
      return new JobSubmission(
          SparkRelease.SPARK_3_5,
          MASTER,
          BuiltModule.jar("benchmarks"),
          "io.marketstream.benchmarks.NaiveJob",
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
  };

  private static final String MASTER = "local[2]";

  private final String label;

  Contender(String label) {
    this.label = label;
  }

  /** Its name in tables. */
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
}
