package io.marketstream.audit.job;

import io.marketstream.auditor.cli.AuditMain;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit for {@code spark-submit}: the options, the report and the exit codes of {@code
 * ./market-stream audit}. Spark sorts the records of the topics, so they need not fit in memory.
 */
public final class AuditJob {
  private static final Logger LOG = LoggerFactory.getLogger(AuditJob.class);

  private static final int NO_AUDIT = 2;

  private AuditJob() {}

  public static void main(String[] args) {
    int code = NO_AUDIT; // an exception must not look like an audit with findings
    try (SparkSession spark = SparkSession.builder().appName("market-stream-audit").getOrCreate()) {
      LOG.info("started {}", spark.sparkContext().applicationId());
      code = AuditMain.run(args, System.getenv(), target -> new SparkTopicAudit(spark, target));
    } catch (RuntimeException | Error e) {
      LOG.error("The audit failed", e);
    }
    if (code != 0) {
      System.exit(code);
    }
  }
}
