package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.marketstream.model.Tables;
import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.progress.ReportedOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The table {@code job_options}: the options of the job, with one row per change. */
public final class JobOptionsTable {
  public static final TableShape SHAPE =
      new TableShape(
          Tables.JOB_OPTIONS,
          "006_job_options.cql",
          Map.ofEntries(
              Map.entry("job", "text"),
              Map.entry("since", "timestamp"),
              Map.entry("candles", "frozen<list<text>>"),
              Map.entry("lateness_ms", "bigint"),
              Map.entry("future_tolerance_ms", "bigint"),
              Map.entry("topics", "frozen<list<text>>"),
              Map.entry("gaps_topic", "text"),
              Map.entry("rejected_topic", "text"),
              Map.entry("starting_offsets", "text"),
              Map.entry("version", "text")));

  private final CassandraKeyspace keyspace;

  public JobOptionsTable(CassandraKeyspace keyspace) {
    this.keyspace = keyspace;
  }

  /**
   * Writes a row with the options, unless they equal those in the job's newest row.
   *
   * @param job the id of the job's checkpoint
   * @throws StartException if the table cannot be read or written
   */
  public void report(String job, ReportedOptions options, Instant now) {
    try (SharedSession.Lease lease = keyspace.lease()) {
      CqlSession session = lease.session();
      Row newest = session.execute(newest(job)).one();
      if (newest == null) {
        session.execute(insert(job, now, options));
      } else if (!options.equals(options(newest))) {
        Instant since = ReportedOptions.since(now, newest.getInstant("since"));
        session.execute(insert(job, since, options));
      }
    } catch (Exception e) { // the connector, in Scala, throws undeclared exceptions
      throw new StartException(
          "the options of the job cannot be written to "
              + keyspace.qualified(SHAPE)
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private SimpleStatement newest(String job) {
    return keyspace
        .statement("SELECT * FROM " + keyspace.qualified(SHAPE) + " WHERE job = ? LIMIT 1")
        .setPositionalValues(List.of(job));
  }

  private SimpleStatement insert(String job, Instant since, ReportedOptions options) {
    return keyspace
        .statement(
            "INSERT INTO "
                + keyspace.qualified(SHAPE)
                + " (job, since, candles, lateness_ms, future_tolerance_ms, topics, gaps_topic,"
                + " rejected_topic, starting_offsets, version)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .setPositionalValues(
            List.of(
                job,
                since,
                options.candles(),
                options.latenessMs(),
                options.futureToleranceMs(),
                options.topics(),
                options.gapsTopic(),
                options.rejectedTopic(),
                options.startingOffsets(),
                options.version()));
  }

  private static ReportedOptions options(Row row) {
    return new ReportedOptions(
        row.getList("candles", String.class),
        row.getLong("lateness_ms"),
        row.getLong("future_tolerance_ms"),
        row.getList("topics", String.class),
        row.getString("gaps_topic"),
        row.getString("rejected_topic"),
        row.getString("starting_offsets"),
        row.getString("version"));
  }
}
