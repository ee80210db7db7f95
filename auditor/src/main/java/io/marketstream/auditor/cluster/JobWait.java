package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Waits for the job until it has caught up, and keeps its newest report. Not thread-safe. */
final class JobWait {
  /** How long to wait for a job that does not report its progress. */
  private static final Duration UNKNOWN_JOB_WAIT = Duration.ofSeconds(10);

  /** Without topics, a job that was up to date this recently is not waited for. */
  private static final Duration RECENT_PROGRESS = Duration.ofSeconds(10);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(300);

  private static final Duration JOB_SILENCE_LIMIT = Duration.ofSeconds(60);

  private final CqlSession cassandra;
  private final boolean withTopics;
  private final Duration maxWait;
  private final Clock clock;
  private final AuditProgress progress;
  private final Consumer<String> notes;
  private Jobs jobs;

  /**
   * @param withTopics whether the ends of the topics are known
   * @param maxWait how long to wait for a job that is behind
   * @param notes receives notes for the reader of the report
   */
  JobWait(
      CqlSession cassandra,
      boolean withTopics,
      Duration maxWait,
      Clock clock,
      AuditProgress progress,
      Consumer<String> notes) {
    this.cassandra = cassandra;
    this.withTopics = withTopics;
    this.maxWait = maxWait;
    this.clock = clock;
    this.progress = progress;
    this.notes = notes;
    this.jobs = Jobs.read(cassandra);
  }

  /** The jobs, as they reported last. */
  Jobs jobs() {
    return jobs;
  }

  /** Reads the reports of the jobs again. */
  void refresh() {
    jobs = Jobs.read(cassandra);
  }

  /**
   * The progress of the job. A job that reports none is assumed to have processed everything from
   * before the audit.
   */
  Jobs.ReportedProgress reached(Map<String, Long> ends, long begin) {
    return jobs.areKnown() ? jobs.reached() : new Jobs.ReportedProgress(new HashMap<>(ends), begin);
  }

  /**
   * Waits until the job has caught up, or notes that it is behind.
   *
   * @param ends the ends of the topics by the name of the partition; empty without topics
   * @param begin epoch ms at which the audit began
   */
  void awaitJob(Map<String, Long> ends, long begin) throws InterruptedException {
    if (!jobs.areKnown()) {
      notes.accept(
          "job_progress has no report: ticks of the last "
              + UNKNOWN_JOB_WAIT.toSeconds()
              + " s before the audit may be reported although they were on their way");
      Thread.sleep(Math.min(UNKNOWN_JOB_WAIT.toMillis(), maxWait.toMillis()));
      return;
    }
    boolean isThere =
        withTopics
            ? await(begin, () -> jobs.lag(ends) == 0, ends)
            : await(begin, () -> isComplete(begin - RECENT_PROGRESS.toMillis()), ends);
    if (!isThere) {
      notes.accept(lagNote(ends));
    }
  }

  private String lagNote(Map<String, Long> ends) {
    OptionalLong reported = jobs.reportedAt();
    boolean isSilent =
        reported.isPresent()
            && clock.millis() - reported.getAsLong() > JOB_SILENCE_LIMIT.toMillis();
    return "the job is behind"
        + (withTopics ? " by " + jobs.lag(ends) + " records" : "")
        + ": records that it has not reached are on their way"
        + (isSilent
            ? ". It last reported at "
                + Instant.ofEpochMilli(reported.getAsLong())
                + ". Check that it is running"
            : "");
  }

  private boolean isComplete(long time) {
    return jobs.reached().completeUntil() > time;
  }

  /**
   * Waits until all ticks are stored that may be in the rows read until {@code time}. Returns
   * whether they are.
   */
  boolean awaitTicks(long time) throws InterruptedException {
    if (!jobs.areKnown()) {
      return true;
    }
    long margin = Jobs.CLOCK_MARGIN.toMillis();
    return await(time, () -> jobs.reached().completeUntil() > time + margin, Map.of());
  }

  private boolean await(long begin, BooleanSupplier isThere, Map<String, Long> ends)
      throws InterruptedException {
    long end = System.nanoTime() + maxWait.toNanos();
    while (!isThere.getAsBoolean()) {
      OptionalLong reported = jobs.reportedAt();
      boolean isSilent =
          reported.isPresent() && begin - reported.getAsLong() > JOB_SILENCE_LIMIT.toMillis();
      if (System.nanoTime() - end > 0 || isSilent) {
        return false;
      }
      progress.waiting(ends.isEmpty() ? -1 : jobs.lag(ends));
      Thread.sleep(POLL_INTERVAL.toMillis());
      jobs = Jobs.read(cassandra);
    }
    return true;
  }
}
