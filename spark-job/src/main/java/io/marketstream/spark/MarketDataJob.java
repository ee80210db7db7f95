package io.marketstream.spark;

import io.marketstream.spark.cassandra.CassandraKeyspace;
import io.marketstream.spark.cassandra.JobOptionsTable;
import io.marketstream.spark.cassandra.JobProgressTable;
import io.marketstream.spark.cassandra.SharedSession;
import io.marketstream.spark.kafka.KafkaBroker;
import io.marketstream.spark.kafka.KafkaIdentity;
import io.marketstream.spark.kafka.KafkaOptions;
import io.marketstream.spark.kafka.RejectPublisher;
import io.marketstream.spark.metrics.JobObserver;
import io.marketstream.spark.progress.ProgressReporter;
import io.marketstream.spark.progress.ProgressWriter;
import io.marketstream.spark.progress.RunOptions;
import io.marketstream.spark.stream.BatchGate;
import io.marketstream.spark.stream.MarketDataQuery;
import io.marketstream.spark.stream.QueryRunner;
import io.marketstream.spark.stream.QuerySupervisor;
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
    keyspace.check();
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      Stores stores = new Stores(hadoop, settings, keyspace);
      stores.checkCheckpoint();
      String job = CheckpointId.of(hadoop, settings.checkpoint());
      new JobOptionsTable(keyspace).report(job, RunOptions.of(settings, version()), Instant.now());
      BatchGate gate = new BatchGate();
      JobObserver observer = JobObserver.observe(spark, MarketDataQuery.OBSERVED);
      ProgressWriter writer = new ProgressWriter(new JobProgressTable(keyspace, job));
      ProgressReporter progress = ProgressReporter.observe(spark, writer, settings.trigger());
      QueryRunner runner =
          new QueryRunner(
              spark,
              new MarketDataQuery(spark, settings, keyspace.settings()),
              settings.trigger(),
              settings.startingOffsets(),
              stores,
              gate,
              observer,
              progress);
      QuerySupervisor supervisor =
          new QuerySupervisor(runner, stores, gate, SessionConfig.patience(conf));
      Shutdown shutdown = new Shutdown(gate, supervisor, observer, progress);
      supervisor.start();
      shutdown.onSignal();
      LOG.info(
          "started topics={} keyspace={} checkpoint={} trigger={}",
          settings.topics(),
          settings.keyspace(),
          settings.checkpoint(),
          settings.trigger());
      try {
        supervisor.run();
      } finally {
        shutdown.stop();
      }
    } finally {
      spark.stop();
      SharedSession.close();
      RejectPublisher.closeShared();
    }
  }

  private static String version() {
    String version = MarketDataJob.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version; // from classes, not from a jar
  }

  /** What the job stands between. Its methods belong to the main thread. */
  private static final class Stores implements QuerySupervisor.Stores, QueryRunner.Topics {
    private final Configuration hadoop;
    private final JobSettings settings;
    private final CassandraKeyspace keyspace;
    private final CheckpointKafka ofCheckpoint;

    Stores(Configuration hadoop, JobSettings settings, CassandraKeyspace keyspace) {
      this.hadoop = hadoop;
      this.settings = settings;
      this.keyspace = keyspace;
      this.ofCheckpoint =
          new CheckpointKafka(
              hadoop,
              settings.checkpoint(),
              settings.topicsRead(),
              KafkaOptions.failOnDataLoss(settings.kafkaOptions()));
    }

    /** At the start. */
    void checkCheckpoint() {
      CheckpointRoom.check(hadoop, settings.checkpoint());
      CheckpointOptions.check(hadoop, settings);
      ofCheckpoint.check(KafkaBroker.identity(settings));
    }

    /** After a failure. */
    @Override
    public void check() {
      KafkaBroker.check(settings);
      keyspace.check();
      CheckpointRoom.check(hadoop, settings.checkpoint());
    }

    @Override
    public List<String> wanted() {
      return settings.topicsRead();
    }

    /** With each start of the query: topics may have been created again meanwhile. */
    @Override
    public List<String> existing() {
      KafkaIdentity kafka = KafkaBroker.identity(settings);
      try {
        ofCheckpoint.check(kafka);
      } catch (CheckpointKafka.OtherRecordsException other) {
        throw new JobFailure(other.getMessage(), other);
      }
      return kafka.topics();
    }
  }
}
