package io.marketstream.spark;

import io.marketstream.spark.cassandra.CassandraKeyspace;
import io.marketstream.spark.cassandra.JobOptionsTable;
import io.marketstream.spark.cassandra.JobProgressTable;
import io.marketstream.spark.kafka.KafkaBroker;
import io.marketstream.spark.kafka.KafkaIdentity;
import io.marketstream.spark.metrics.JobObserver;
import io.marketstream.spark.progress.ProgressReporter;
import io.marketstream.spark.progress.ProgressWriter;
import io.marketstream.spark.progress.RunOptions;
import io.marketstream.spark.stream.BatchGate;
import io.marketstream.spark.stream.FoldQuery;
import io.marketstream.spark.stream.QueryRunner;
import io.marketstream.spark.stream.QuerySupervisor;
import io.marketstream.spark.stream.TicksQuery;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
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
    new ProcessEnd().end(JobCommand.run(args, out, err, MarketDataJob::run));
  }

  /**
   * Runs the job until there is nothing left to do ({@code --trigger once}) or it fails.
   *
   * @throws StartException if something it needs is not there
   * @throws JobFailure if it cannot go on
   * @throws StreamingQueryException if a query failed again and again
   */
  private static void run(JobSettings settings) throws StreamingQueryException, TimeoutException {
    HadoopLogin.ensure();
    SparkConf conf = SessionConfig.complete(new SparkConf(), settings);
    KafkaBroker.check(settings);
    CassandraKeyspace keyspace = new CassandraKeyspace(settings.keyspace(), conf);
    keyspace.check(conf);
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      CheckpointRoom.check(hadoop, settings.checkpoint());
      CheckpointOptions.check(hadoop, settings);
      CheckpointKafka.check(hadoop, settings.checkpoint(), KafkaBroker.identity(settings));
      String job = CheckpointId.of(hadoop, settings.checkpoint());
      new JobOptionsTable(keyspace, conf)
          .report(job, RunOptions.of(settings, version()), Instant.now());
      BatchGate gate = new BatchGate();
      JobObserver observer =
          JobObserver.observe(spark, List.of(TicksQuery.OBSERVED, FoldQuery.OBSERVED));
      ProgressWriter writer = new ProgressWriter(new JobProgressTable(keyspace, conf, job));
      ProgressReporter progress = ProgressReporter.observe(spark, writer, settings.trigger());
      QueryRunner runner = new QueryRunner(spark, settings.trigger(), gate, observer, progress);
      QuerySupervisor queries =
          new QuerySupervisor(
              List.of(
                  new TicksQuery(spark, settings, keyspace),
                  new FoldQuery(spark, settings, keyspace)),
              runner::start,
              new Stores(conf, hadoop, settings, keyspace),
              gate,
              SessionConfig.patience(conf));
      Shutdown shutdown = new Shutdown(gate, queries, observer, progress);
      queries.start();
      shutdown.onSignal();
      LOG.info(
          "started topics={} keyspace={} checkpoint={} trigger={}",
          settings.topics(),
          settings.keyspace(),
          settings.checkpoint(),
          settings.trigger());
      try {
        queries.run();
      } finally {
        shutdown.stop();
      }
    } finally {
      spark.stop();
    }
  }

  private static String version() {
    String version = MarketDataJob.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version; // from classes, not from a jar
  }

  private record Stores(
      SparkConf conf, Configuration hadoop, JobSettings settings, CassandraKeyspace keyspace)
      implements QuerySupervisor.Stores {
    @Override
    public void check() {
      KafkaBroker.check(settings);
      keyspace.check(conf);
      CheckpointRoom.check(hadoop, settings.checkpoint());
      KafkaIdentity kafka = KafkaBroker.identity(settings);
      try {
        CheckpointKafka.check(hadoop, settings.checkpoint(), kafka);
      } catch (StartException other) {
        throw new JobFailure(other.getMessage(), other); // waiting does not mend it
      }
    }

    @Override
    public boolean refreshes() {
      return keyspace.refreshes(conf);
    }

    @Override
    public void reconnect() {
      keyspace.reconnect(conf);
    }
  }
}
