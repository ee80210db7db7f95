package io.marketstream.api.query;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.MarketTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The jobs that fill the tables, as they report themselves. Thread-safe. */
public final class Jobs {
  /** A job that is silent for this time while another one reports does not run. */
  private static final long REPLACED_MS = Duration.ofMinutes(10).toMillis();

  private final Database database;

  public Jobs(Database database) {
    this.database = database;
  }

  /**
   * A job.
   *
   * @param id of its checkpoint
   * @param topics that it reads
   * @param began epoch ms of its first start
   * @param nextOffsets by the name of the partition: everything below is in the tables
   * @param completeUntil epoch ms: the tables have what was in the topics before; null if the job
   *     has never caught up
   * @param reportedAt epoch ms; null if it has not reported yet
   */
  public record Job(
      String id,
      Set<String> topics,
      long began,
      Map<String, Long> nextOffsets,
      @Nullable Long completeUntil,
      @Nullable Long reportedAt) {

    /** How many records are in the topics and not in the tables. */
    public long lag(Map<String, Long> ends) {
      return ends.entrySet().stream()
          .filter(end -> topics.contains(end.getKey().substring(0, end.getKey().lastIndexOf('-'))))
          .mapToLong(
              end -> Math.max(0, end.getValue() - nextOffsets.getOrDefault(end.getKey(), 0L)))
          .sum();
    }
  }

  /** The jobs that no newer job has replaced, the newest first. */
  public CompletableFuture<List<Job>> current() {
    MarketTables tables = database.tables();
    return tables.jobOptions().thenCombine(tables.jobProgress(), Jobs::current);
  }

  static List<Job> current(
      List<MarketTables.JobOptions> options, List<MarketTables.JobProgress> progress) {
    List<Job> jobs = jobs(options, progress);
    long newestReport = jobs.stream().mapToLong(Jobs::reported).max().orElse(Long.MIN_VALUE);
    List<Job> current = new ArrayList<>();
    Set<String> read = new HashSet<>();
    for (Job job : jobs) {
      boolean isSilent = reported(job) < newestReport - REPLACED_MS;
      boolean isReplaced = isSilent && job.topics().stream().anyMatch(read::contains);
      if (!isReplaced && read.addAll(job.topics())) {
        current.add(job);
      }
    }
    return current;
  }

  private static List<Job> jobs(
      List<MarketTables.JobOptions> options, List<MarketTables.JobProgress> progress) {
    Map<String, MarketTables.JobOptions> newest = new HashMap<>();
    Map<String, Long> began = new HashMap<>();
    for (MarketTables.JobOptions each : options) {
      newest.merge(each.job(), each, (a, b) -> a.since() >= b.since() ? a : b);
      began.merge(each.job(), each.since(), Math::min);
    }
    Map<String, MarketTables.JobProgress> reached = new HashMap<>();
    progress.forEach(each -> reached.merge(each.job(), each, Jobs::both));
    List<Job> jobs = new ArrayList<>();
    newest.forEach(
        (id, of) -> {
          MarketTables.JobProgress its = reached.get(id);
          Set<String> topics = new HashSet<>(of.topics());
          if (its != null) { // the options do not name the topic of gaps
            its.nextOffsets()
                .keySet()
                .forEach(each -> topics.add(each.substring(0, each.lastIndexOf('-'))));
          }
          jobs.add(
              new Job(
                  id,
                  topics,
                  began.getOrDefault(id, of.since()),
                  its == null ? Map.of() : its.nextOffsets(),
                  its == null ? null : its.completeUntil(),
                  its == null ? null : its.reportedAt()));
        });
    jobs.sort(Comparator.comparingLong(Job::began).thenComparing(Job::id).reversed());
    return jobs;
  }

  /**
   * Of both queries of a job in real-time mode, the one that is behind counts. One that has just
   * started has no offsets yet.
   */
  private static MarketTables.JobProgress both(
      MarketTables.JobProgress a, MarketTables.JobProgress b) {
    Map<String, Long> offsets = new HashMap<>();
    a.nextOffsets()
        .forEach(
            (partition, next) -> {
              Long ofOther = b.nextOffsets().get(partition);
              if (ofOther != null) {
                offsets.put(partition, Math.min(next, ofOther));
              }
            });
    return new MarketTables.JobProgress(
        a.job(),
        offsets,
        smaller(a.completeUntil(), b.completeUntil()),
        smaller(a.reportedAt(), b.reportedAt()));
  }

  private static @Nullable Long smaller(@Nullable Long a, @Nullable Long b) {
    return a == null || b == null ? null : Long.valueOf(Math.min(a, b));
  }

  private static long reported(Job job) {
    Long reportedAt = job.reportedAt();
    return reportedAt == null ? Long.MIN_VALUE : reportedAt;
  }
}
