package io.marketstream.spark.run;

import io.marketstream.spark.cassandra.CassandraKeyspace;
import io.marketstream.spark.cassandra.JobOptionsTable;
import io.marketstream.spark.cassandra.JobProgressTable;
import io.marketstream.spark.cassandra.SharedSession;
import io.marketstream.spark.checkpoint.CheckpointId;
import io.marketstream.spark.failure.JobFailedException;
import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.kafka.KafkaAdmin;
import io.marketstream.spark.kafka.RejectPublisher;
import io.marketstream.spark.metrics.JobObserver;
import io.marketstream.spark.progress.ProgressReporter;
import io.marketstream.spark.progress.ProgressWriter;
import io.marketstream.spark.progress.ReportedOptions;
import io.marketstream.spark.settings.BatchTrigger;
import io.marketstream.spark.settings.JobSettings;
import io.marketstream.spark.stream.BatchBarrier;
import io.marketstream.spark.stream.MarketDataQuery;
import io.marketstream.spark.stream.QueryStarter;
import io.marketstream.spark.stream.QuerySupervisor;
import io.marketstream.spark.stream.RealTimeQuery;
import io.marketstream.spark.stream.SupervisorTimeouts;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the parts of the job, connects them and runs the query until it ends. */
public final class JobRunner {
  /** The name of the main class: who starts the job waits for its line {@code started}. */
  private static final Logger LOG = LoggerFactory.getLogger("io.marketstream.spark.MarketDataJob");

  private JobRunner() {}

  /**
   * Runs the job until there is nothing left to do ({@code --trigger once}) or it fails.
   *
   * @throws StartException if something that the job needs is missing
   * @throws JobFailedException if the job cannot continue
   * @throws StreamingQueryException if the query failed too often
   */
  public static void run(JobSettings settings) throws StreamingQueryException, TimeoutException {
    HadoopLogin.ensure();
    SparkConf conf = SessionConfig.complete(new SparkConf(), settings);
    KafkaAdmin.check(settings);
    CassandraKeyspace keyspace = new CassandraKeyspace(settings.keyspace(), conf);
    keyspace.check();
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    try {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      JobDependencies dependencies = new JobDependencies(hadoop, settings, keyspace);
      dependencies.checkCheckpoint();
      String job = CheckpointId.of(hadoop, settings.checkpoint());
      new JobOptionsTable(keyspace)
          .report(job, ReportedOptions.of(settings, version()), Instant.now());
      BatchBarrier barrier = new BatchBarrier();
      JobObserver observer = JobObserver.observe(spark, MarketDataQuery.NAME);
      Optional<RealTimeQuery> realTime =
          settings.trigger() instanceof BatchTrigger.RealTime trigger
              ? Optional.of(new RealTimeQuery(spark, settings, keyspace.settings(), trigger))
              : Optional.empty();
      realTime.ifPresent(
          query -> JobObserver.observeRealTime(spark, RealTimeQuery.NAME, query.counters()));
      SupervisorTimeouts timeouts = SessionConfig.supervisorTimeouts(conf);
      ProgressWriter writer = new ProgressWriter(new JobProgressTable(keyspace, job));
      ProgressReporter progress = ProgressReporter.observe(spark, writer, settings.trigger());
      QueryStarter starter =
          new QueryStarter(
              spark,
              new MarketDataQuery(spark, settings, keyspace.settings()),
              realTime,
              settings.trigger(),
              settings.startingOffsets(),
              dependencies,
              barrier,
              observer,
              progress,
              timeouts.maxBatch());
      QuerySupervisor supervisor = new QuerySupervisor(starter, dependencies, barrier, timeouts);
      Shutdown shutdown = new Shutdown(barrier, supervisor, observer, progress);
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
    String version = JobRunner.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version; // null if the classes are not in a jar
  }
}
