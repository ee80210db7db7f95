package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.marketstream.model.Tables;
import io.marketstream.spark.progress.ProgressWriter;
import io.marketstream.spark.progress.QueryProgress;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The table {@code job_progress}: how far the job has come.
 *
 * <p>Each query of the job has one row, which every report overwrites. A column without a known
 * value is not written, and keeps the value from an earlier process.
 */
public final class JobProgressTable implements ProgressWriter.Sink {
  public static final TableShape SHAPE =
      new TableShape(
          Tables.JOB_PROGRESS,
          "007_job_progress.cql",
          Map.ofEntries(
              Map.entry("job", "text"),
              Map.entry("query", "text"),
              Map.entry("next_offsets", "frozen<map<text, bigint>>"),
              Map.entry("latest_offsets", "frozen<map<text, bigint>>"),
              Map.entry("complete_until", "timestamp"),
              Map.entry("reported_at", "timestamp")));

  /** Long enough for a busy node, so that a lost request does not delay the next one. */
  private static final long WRITE_TIMEOUT_S = 10;

  private final CassandraKeyspace keyspace;
  private final String job;

  /**
   * @param job the id of the job's checkpoint
   */
  public JobProgressTable(CassandraKeyspace keyspace, String job) {
    this.keyspace = keyspace;
    this.job = job;
  }

  /** Writes the row and waits until Cassandra has acknowledged it. */
  @Override
  public void write(QueryProgress progress)
      throws ExecutionException, InterruptedException, TimeoutException {
    try (SharedSession.Lease lease = keyspace.lease()) {
      PreparedStatement insert =
          lease.prepare(
              keyspace.statement(
                  "INSERT INTO "
                      + keyspace.qualified(SHAPE)
                      + " (job, query, next_offsets, latest_offsets, complete_until, reported_at)"
                      + " VALUES (?, ?, ?, ?, ?, ?)"),
              TimeUnit.SECONDS.toMillis(WRITE_TIMEOUT_S));
      lease
          .session()
          .executeAsync(bind(insert, progress))
          .toCompletableFuture()
          .get(WRITE_TIMEOUT_S, TimeUnit.SECONDS);
    }
  }

  private BoundStatement bind(PreparedStatement insert, QueryProgress progress) {
    BoundStatementBuilder row =
        insert
            .boundStatementBuilder()
            .setString("job", job)
            .setString("query", progress.query())
            .setInstant("reported_at", progress.reportedAt());
    if (progress.nextOffsets() != null) {
      row = row.setMap("next_offsets", progress.nextOffsets(), String.class, Long.class);
    }
    if (progress.latestOffsets() != null) {
      row = row.setMap("latest_offsets", progress.latestOffsets(), String.class, Long.class);
    }
    if (progress.completeUntil() != null) {
      row = row.setInstant("complete_until", progress.completeUntil());
    }
    return row.build();
  }
}
