package io.marketstream.spark;

import io.marketstream.spark.cassandra.CassandraKeyspace;
import io.marketstream.spark.kafka.KafkaBroker;
import io.marketstream.spark.stream.BatchGate;
import io.marketstream.spark.stream.FoldQuery;
import io.marketstream.spark.stream.QueryRunner;
import io.marketstream.spark.stream.TicksQuery;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job: market data from Kafka to Cassandra, for {@code spark-submit}. */
public final class MarketDataJob {
  private static final Logger LOG = LoggerFactory.getLogger(MarketDataJob.class);

  private MarketDataJob() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int exitCode = JobCommand.run(args, out, err, MarketDataJob::run);
    // Spark and the Cassandra driver keep threads that would hold the JVM after the last line.
    System.exit(exitCode);
  }

  /**
   * Runs the job until there is nothing left to do ({@code --trigger once}) or it fails.
   *
   * @throws StartException if something it needs is not there
   * @throws StreamingQueryException if a query failed
   */
  private static void run(JobSettings settings) throws StreamingQueryException, TimeoutException {
    SparkConf conf = SessionConfig.complete(new SparkConf(), settings);
    KafkaBroker.check(settings);
    CassandraKeyspace keyspace = new CassandraKeyspace(settings.keyspace());
    keyspace.check(conf);
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    try {
      CheckpointOptions.check(spark.sparkContext().hadoopConfiguration(), settings);
      BatchGate gate = new BatchGate();
      QueryRunner runner = new QueryRunner(spark, settings.trigger(), gate);
      List<StreamingQuery> queries =
          List.of(
              runner.start(new TicksQuery(spark, settings, keyspace)),
              runner.start(new FoldQuery(spark, settings, keyspace)));
      Shutdown shutdown = new Shutdown(gate, queries);
      shutdown.onSignal();
      LOG.info(
          "started topics={} keyspace={} checkpoint={} trigger={}",
          settings.topics(),
          settings.keyspace(),
          settings.checkpoint(),
          settings.trigger());
      try {
        awaitAll(spark, queries);
      } finally {
        shutdown.stop();
      }
    } finally {
      spark.stop();
    }
  }

  private static void awaitAll(SparkSession spark, List<StreamingQuery> queries)
      throws StreamingQueryException {
    // Whichever fails first ends the job; only then is it worth waiting for each in turn.
    spark.streams().awaitAnyTermination();
    for (StreamingQuery query : queries) {
      query.awaitTermination();
    }
  }
}
