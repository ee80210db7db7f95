package io.marketstream.pipeline.job;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;

/** The progress of the job in the table {@code job_progress}. */
record ProgressRow(
    Map<String, Long> nextOffsets,
    Map<String, Long> latestOffsets,
    Instant completeUntil,
    Instant reportedAt) {

  private static final ProgressRow NONE = new ProgressRow(Map.of(), Map.of(), Instant.MIN, null);

  /** Reads the job's progress. Without a row, nothing is read or complete. */
  static ProgressRow of(CqlSession session, JobRun job) {
    Row row =
        session
            .execute(
                "SELECT * FROM "
                    + job.keyspace()
                    + ".job_progress WHERE job = ? AND query = 'market_data'",
                id(job))
            .one();
    if (row == null) {
      return NONE;
    }
    return new ProgressRow(
        row.getMap("next_offsets", String.class, Long.class),
        row.getMap("latest_offsets", String.class, Long.class),
        row.isNull("complete_until") ? Instant.MIN : row.getInstant("complete_until"),
        row.getInstant("reported_at"));
  }

  /** Returns the job's name in the tables, which the checkpoint stores. */
  static String id(JobRun job) {
    Properties file = new Properties();
    try (InputStream in = Files.newInputStream(job.checkpoint().resolve("market-data-job.id"))) {
      file.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.getProperty("id");
  }
}
