package io.marketstream.api.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.marketstream.api.query.Jobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far the jobs are behind the topics, as they report it in {@code job_progress}. */
final class JobLag {
  static final String NAME = "job";

  private static final int ID_SHOWN = 8;

  private JobLag() {}

  /**
   * Judges the jobs.
   *
   * @param ends of the topics, read before the progress; empty if Kafka was not read
   * @param now epoch ms
   */
  static Section section(
      List<Jobs.Job> jobs, Optional<Map<String, Long>> ends, Duration maxDelay, long now) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    if (jobs.isEmpty()) {
      String none = "no job has reported to the table job_progress";
      return Section.of(NAME, List.of(), List.of(Section.Row.of(none, none)), json);
    }
    List<Section.Row> rows = new ArrayList<>();
    for (Jobs.Job job : jobs) {
      Optional<Long> lag = ends.map(job::lag);
      Optional<Long> behindMs =
          Optional.ofNullable(job.completeUntil()).map(time -> Math.max(0, now - time));
      String id = job.id().substring(0, Math.min(ID_SHOWN, job.id().length()));
      rows.add(
          Section.Row.of(
              problem(id, lag, behindMs, job, maxDelay, now),
              id,
              lag.map(Words::number).orElse("-"),
              behindMs.map(Words::duration).orElse("-"),
              Words.ago(job.reportedAt(), now)));
      json.addObject()
          .put("job", job.id())
          .put("lag_records", lag.orElse(null))
          .put("behind_ms", behindMs.orElse(null))
          .put("reported_at", job.reportedAt());
    }
    return Section.of(NAME, List.of("job", "lag (records)", "behind", "last report"), rows, json);
  }

  private static String problem(
      String id,
      Optional<Long> lag,
      Optional<Long> behindMs,
      Jobs.Job job,
      Duration maxDelay,
      long now) {
    Long reportedAt = job.reportedAt();
    if (reportedAt == null) {
      return id + " has not reported yet";
    }
    String records =
        lag.map(count -> " (" + Words.count(count, "record", "records") + ")").orElse("");
    if (now - reportedAt > maxDelay.toMillis()) {
      return id + " last reported " + Words.ago(reportedAt, now) + records + ". Does it run?";
    }
    if (behindMs.isEmpty()) {
      return id + " has not caught up with the topics yet" + records;
    }
    return behindMs.get() > maxDelay.toMillis()
        ? id + " is behind by " + Words.duration(behindMs.get()) + records
        : "";
  }
}
