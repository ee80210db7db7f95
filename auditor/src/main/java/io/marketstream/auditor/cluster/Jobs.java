package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.JobProgress;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.Tables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The jobs, with the options and the progress that they report in the tables {@code job_options}
 * and {@code job_progress}. Each checkpoint is one job. If several jobs read a topic, the one that
 * began last counts; the others are considered stopped.
 */
final class Jobs {
  /** The largest difference between the clocks of the cluster's machines. */
  static final Duration CLOCK_MARGIN = Duration.ofSeconds(2);

  /** A job that is silent for this time while another one reports does not run. */
  private static final Duration REPLACED_AFTER = Duration.ofMinutes(10);

  /** The longest time between the start of a job and the first offsets of its query. */
  private static final Duration START_MARGIN = Duration.ofMinutes(2);

  /** A row of {@code job_options}. */
  record Options(
      long since,
      List<String> candles,
      long latenessMs,
      long futureToleranceMs,
      List<String> topics,
      String startingOffsets) {}

  /**
   * A row of {@code job_progress}.
   *
   * @param completeUntil epoch ms; Long.MIN_VALUE if the query has never caught up
   */
  record Progress(Map<String, Long> nextOffsets, long completeUntil, long reportedAt) {
    /**
     * Combines the progress of both queries of a job in real-time mode. Both read all partitions. A
     * query that has just started has no offsets yet.
     */
    Progress and(Progress other) {
      Map<String, Long> both = new HashMap<>();
      nextOffsets.forEach(
          (partition, next) -> {
            Long ofOther = other.nextOffsets.get(partition);
            if (ofOther != null) {
              both.put(partition, Math.min(next, ofOther));
            }
          });
      return new Progress(
          both,
          Math.min(completeUntil, other.completeUntil),
          Math.min(reportedAt, other.reportedAt));
    }
  }

  /**
   * One job.
   *
   * @param options oldest first, at least one
   * @param progress empty if it has not reported yet
   */
  record Job(String id, List<Options> options, Optional<Progress> progress) {
    Options newestOptions() {
      return options.get(options.size() - 1);
    }

    long began() {
      return options.get(0).since();
    }
  }

  private final List<Job> jobs; // newest first

  Jobs(List<Job> jobs) {
    this.jobs =
        jobs.stream()
            .sorted(Comparator.comparingLong(Job::began).thenComparing(Job::id).reversed())
            .toList();
  }

  /** Reads the jobs; there are none if the job is older than these tables. */
  static Jobs read(CqlSession session) {
    Optional<Boolean> areThere =
        session
            .getKeyspace()
            .flatMap(name -> session.getMetadata().getKeyspace(name))
            .map(
                keyspace ->
                    keyspace.getTable(Tables.JOB_OPTIONS).isPresent()
                        && keyspace.getTable(Tables.JOB_PROGRESS).isPresent());
    if (!areThere.orElse(false)) {
      return new Jobs(List.of());
    }
    Map<String, TreeMap<Long, Options>> options = new HashMap<>();
    for (Row row : session.execute("SELECT * FROM " + Tables.JOB_OPTIONS)) {
      options
          .computeIfAbsent(row.getString("job"), unseen -> new TreeMap<>())
          .put(row.getInstant("since").toEpochMilli(), options(row));
    }
    Map<String, Progress> progress = new HashMap<>();
    for (Row row : session.execute("SELECT * FROM " + Tables.JOB_PROGRESS)) {
      progress.merge(row.getString("job"), progress(row), Progress::and);
    }
    List<Job> jobs = new ArrayList<>();
    options.forEach(
        (id, byTime) ->
            jobs.add(
                new Job(id, List.copyOf(byTime.values()), Optional.ofNullable(progress.get(id)))));
    return new Jobs(jobs);
  }

  private static Options options(Row row) {
    return new Options(
        row.getInstant("since").toEpochMilli(),
        row.getList("candles", String.class),
        row.getLong("lateness_ms"),
        row.getLong("future_tolerance_ms"),
        row.getList("topics", String.class),
        String.valueOf(row.getString("starting_offsets")));
  }

  private static Progress progress(Row row) {
    return new Progress(
        row.getMap("next_offsets", String.class, Long.class),
        row.isNull("complete_until")
            ? Long.MIN_VALUE
            : row.getInstant("complete_until").toEpochMilli(),
        row.isNull("reported_at") ? Long.MIN_VALUE : row.getInstant("reported_at").toEpochMilli());
  }

  /** Whether there is a job that reports its progress, or will do so. */
  boolean areKnown() {
    return !jobs.isEmpty();
  }

  /**
   * The jobs that are not replaced. A job is replaced if newer jobs read all its topics, or if it
   * is silent and a newer job reads some of them.
   */
  List<Job> current() {
    List<Job> current = new ArrayList<>();
    Set<String> covered = new HashSet<>();
    long newestReport = jobs.stream().mapToLong(Jobs::reportedAt).max().orElse(Long.MIN_VALUE);
    for (Job job : jobs) {
      List<String> topics = job.newestOptions().topics();
      boolean isSilent = reportedAt(job) < newestReport - REPLACED_AFTER.toMillis();
      boolean isReplaced = isSilent && topics.stream().anyMatch(covered::contains);
      if (!isReplaced && covered.addAll(topics)) {
        current.add(job);
      }
    }
    return current;
  }

  private static long reportedAt(Job job) {
    return job.progress().map(Progress::reportedAt).orElse(Long.MIN_VALUE);
  }

  /** The progress of the current jobs. */
  ReportedProgress reached() {
    HashMap<String, Long> offsets = new HashMap<>();
    Set<String> owned = new HashSet<>();
    long completeUntil = Long.MAX_VALUE;
    for (Job job : current()) {
      Map<String, Long> ofJob = job.progress().map(Progress::nextOffsets).orElse(Map.of());
      ofJob.forEach(
          (partition, next) -> {
            if (!owned.contains(topic(partition))) {
              offsets.merge(partition, next, Math::max);
            }
          });
      owned.addAll(job.newestOptions().topics());
      completeUntil =
          Math.min(
              completeUntil, job.progress().map(Progress::completeUntil).orElse(Long.MIN_VALUE));
    }
    return new ReportedProgress(offsets, completeUntil);
  }

  private static String topic(String partition) {
    return partition.substring(0, partition.lastIndexOf('-'));
  }

  /** The oldest of the last reports of the current jobs, epoch ms; empty if there is none. */
  OptionalLong reportedAt() {
    return current().stream()
        .flatMap(job -> job.progress().stream())
        .mapToLong(Progress::reportedAt)
        .min();
  }

  OptionalLong futureToleranceMs() {
    return current().stream().mapToLong(job -> job.newestOptions().futureToleranceMs()).max();
  }

  /** The smallest tolerance of all jobs. Every job accepted ticks within it. */
  OptionalLong smallestFutureToleranceMs() {
    return jobs.stream()
        .flatMap(job -> job.options().stream())
        .mapToLong(Options::futureToleranceMs)
        .min();
  }

  /**
   * The time (epoch ms) from which on the tables are complete, if the first job began with the
   * newest records; empty if it began with the oldest.
   */
  OptionalLong beganWithNewestRecords() {
    if (jobs.isEmpty() || !beganWithNewest(jobs.get(jobs.size() - 1))) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(jobs.get(jobs.size() - 1).began() + START_MARGIN.toMillis());
  }

  private static boolean beganWithNewest(Job job) {
    return Objects.equals(job.options().get(0).startingOffsets(), "latest");
  }

  Optional<Duration> lateness() {
    return current().stream()
        .map(job -> Duration.ofMillis(job.newestOptions().latenessMs()))
        .max(Comparator.naturalOrder());
  }

  /** The candle intervals that jobs compute or computed, and when. */
  List<ComputedInterval> candles() {
    Set<String> names = new TreeSet<>();
    jobs.forEach(job -> job.options().forEach(options -> names.addAll(options.candles())));
    Set<Job> current = new HashSet<>(current());
    return names.stream()
        .map(name -> kept(CandleInterval.parse(name), current))
        .sorted(Comparator.comparingLong(kept -> kept.interval().millis()))
        .toList();
  }

  private ComputedInterval kept(CandleInterval interval, Set<Job> current) {
    List<Job> keeping =
        jobs.stream()
            .filter(
                job ->
                    job.options().stream()
                        .anyMatch(options -> options.candles().contains(interval.name())))
            .toList();
    long lateness = keeping.get(0).newestOptions().latenessMs();
    // Go back in time as long as the lateness is the same.
    Job first = keeping.get(0);
    for (Job job : keeping) {
      if (job.newestOptions().latenessMs() != lateness) {
        break;
      }
      first = job;
    }
    boolean isSinceEver = first.equals(jobs.get(jobs.size() - 1)) && !beganWithNewest(first);
    long began = first.began() + (beganWithNewest(first) ? START_MARGIN.toMillis() : 0);
    long until =
        keeping.stream().anyMatch(current::contains)
            ? Long.MAX_VALUE
            : keeping.stream()
                .flatMap(job -> job.progress().stream())
                .mapToLong(Progress::completeUntil)
                .max()
                .orElse(Long.MIN_VALUE);
    return new ComputedInterval(interval, lateness, isSinceEver ? Long.MIN_VALUE : began, until);
  }

  /**
   * How many records the jobs are behind.
   *
   * @param ends offsets by the name of the partition
   */
  long lag(Map<String, Long> ends) {
    return reached().lag(ends);
  }

  /** The progress of jobs, as they reported it. */
  record ReportedProgress(HashMap<String, Long> offsets, long completeUntil)
      implements JobProgress {
    @Override
    public boolean covers(RecordPosition position) {
      Long next = offsets.get(position.topic() + "-" + position.partition());
      return next != null && position.offset() < next;
    }

    @Override
    public boolean coversRowsWrittenAt(long writtenAt) {
      return completeUntil != Long.MIN_VALUE && writtenAt + CLOCK_MARGIN.toMillis() < completeUntil;
    }

    long lag(Map<String, Long> ends) {
      return ends.entrySet().stream()
          .mapToLong(end -> Math.max(0, end.getValue() - offsets.getOrDefault(end.getKey(), 0L)))
          .sum();
    }
  }
}
