package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.model.CandleInterval;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How an audit treats several jobs on the same tables. */
class JobsTest {
  private static final long MINUTE = 60_000;

  @Test
  void candlesOfTheOnlyJobAreCheckedAtAllTimes() {
    Jobs jobs = new Jobs(List.of(job("a", 1_000, 120_000, "earliest", List.of("1m", "1h"))));

    assertThat(jobs.candles())
        .containsExactly(
            new ComputedInterval(interval("1m"), 120_000, Long.MIN_VALUE, Long.MAX_VALUE),
            new ComputedInterval(interval("1h"), 120_000, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  @Test
  void aFirstJobWithNewestRecordsIsCheckedFromItsStart() {
    Jobs jobs = new Jobs(List.of(job("a", 1_000, 120_000, "latest", List.of("1m"))));

    assertThat(jobs.candles())
        .containsExactly(new ComputedInterval(interval("1m"), 120_000, 121_000, Long.MAX_VALUE));
  }

  @Test
  void anAbandonedIntervalIsCheckedUpToTheJobsProgress() {
    Jobs.Job trial =
        withProgress(job("trial", 1_000, 120_000, "earliest", List.of("5s", "1m")), 50, 9 * MINUTE);
    Jobs jobs =
        new Jobs(List.of(trial, job("now", 10 * MINUTE, 120_000, "earliest", List.of("1m"))));

    assertThat(jobs.candles())
        .containsExactly(
            new ComputedInterval(interval("5s"), 120_000, Long.MIN_VALUE, 9 * MINUTE),
            new ComputedInterval(interval("1m"), 120_000, Long.MIN_VALUE, Long.MAX_VALUE));
  }

  @Test
  void candlesFromBeforeAnotherLatenessAreNotChecked() {
    Jobs jobs =
        new Jobs(
            List.of(
                job("before", 1_000, 600_000, "earliest", List.of("5s", "1m")),
                job("now", 10 * MINUTE, 120_000, "earliest", List.of("1m", "1h"))));

    assertThat(jobs.candles())
        .contains(
            new ComputedInterval(interval("1m"), 120_000, 10 * MINUTE, Long.MAX_VALUE),
            new ComputedInterval(interval("1h"), 120_000, 10 * MINUTE, Long.MAX_VALUE));
    assertThat(jobs.lateness()).hasValueSatisfying(now -> assertThat(now).hasMillis(120_000));
  }

  @Test
  void theNewerOfTwoJobsOnOneTopicCounts() {
    Jobs.Job stopped =
        withProgress(job("old", 1_000, 120_000, "earliest", List.of("1m")), 500, 9 * MINUTE);
    Jobs.Job rebuild =
        withProgress(
            job("rebuild", 10 * MINUTE, 120_000, "earliest", List.of("1m")), 20, Long.MIN_VALUE);
    Jobs jobs = new Jobs(List.of(stopped, rebuild));

    assertThat(jobs.current()).containsExactly(rebuild);
    assertThat(jobs.reached().covers(new RecordPosition("market_data", 0, 19))).isTrue();
    assertThat(jobs.reached().covers(new RecordPosition("market_data", 0, 20))).isFalse();
    assertThat(jobs.reached().covers(new RecordPosition("market_data", 1, 0)))
        .as("a partition that no job has read yet")
        .isFalse();
    assertThat(jobs.reached().coversRowsWrittenAt(0)).as("it catches up").isFalse();
    assertThat(jobs.lag(Map.of("market_data-0", 500L))).isEqualTo(480);
  }

  /** The replaced job also read a topic that no job reads now. */
  @Test
  void aJobReplacedByOneWithOtherTopicsIsIgnored() {
    Jobs.Job replaced = withTopics(List.of("market_data", "x"), 1_000, 5 * MINUTE);
    Jobs.Job now = withTopics(List.of("market_data"), 10 * MINUTE, 30 * MINUTE);

    assertThat(new Jobs(List.of(replaced, now)).current()).containsExactly(now);
    Jobs.Job beside = withTopics(List.of("y"), 1_000, 5 * MINUTE);
    assertThat(new Jobs(List.of(beside, now)).current())
        .as("it is the only job of its topic")
        .containsExactly(now, beside);
  }

  private static Jobs.Job withTopics(List<String> topics, long since, long completeUntil) {
    Jobs.Options options =
        new Jobs.Options(since, List.of("1m"), 120_000, 30_000, topics, "earliest");
    return withProgress(
        new Jobs.Job(String.join("+", topics), List.of(options), Optional.empty()),
        1,
        completeUntil);
  }

  @Test
  void aJobThatHasNotReportedYetHasReachedNothing() {
    Jobs.Job young =
        new Jobs.Job(
            "young",
            List.of(new Jobs.Options(10, List.of("1m"), 1, 1, List.of("market_data"), "earliest")),
            Optional.empty());
    Jobs jobs = new Jobs(List.of(job("old", 1, 1, "earliest", List.of("1m")), young));

    assertThat(jobs.areKnown()).isTrue();
    assertThat(jobs.reached().covers(new RecordPosition("market_data", 0, 0))).isFalse();
    assertThat(jobs.reached().coversRowsWrittenAt(0)).isFalse();
  }

  @Test
  void rowsWrittenBeforeTheClockMarginAreCovered() {
    Jobs jobs =
        new Jobs(List.of(withProgress(job("a", 1, 1, "earliest", List.of("1m")), 5, 60_000)));

    assertThat(jobs.reached().coversRowsWrittenAt(57_999)).isTrue();
    assertThat(jobs.reached().coversRowsWrittenAt(58_000)).isFalse();
  }

  /** In real-time mode, one query stores and another one folds. */
  @Test
  void aJobHasReachedWhatBothOfItsQueriesHave() {
    Jobs.Progress stored = new Jobs.Progress(Map.of("market_data-0", 9L, "gaps-0", 4L), 700, 710);
    Jobs.Progress folded = new Jobs.Progress(Map.of("market_data-0", 6L, "gaps-0", 5L), 500, 720);

    assertThat(stored.and(folded))
        .isEqualTo(folded.and(stored))
        .isEqualTo(new Jobs.Progress(Map.of("market_data-0", 6L, "gaps-0", 4L), 500, 710));
  }

  /** The query that stores reports at the end of its first interval, the fold much sooner. */
  @Test
  void untilBothQueriesHaveReportedTheJobHasReachedNothing() {
    Jobs.Progress started = new Jobs.Progress(Map.of(), Long.MIN_VALUE, 710);
    Jobs.Progress folded = new Jobs.Progress(Map.of("market_data-0", 6L), 500, 720);

    assertThat(started.and(folded))
        .isEqualTo(folded.and(started))
        .isEqualTo(new Jobs.Progress(Map.of(), Long.MIN_VALUE, 710));
  }

  private static CandleInterval interval(String name) {
    return CandleInterval.parse(name);
  }

  private static Jobs.Job job(
      String id, long since, long lateness, String startingOffsets, List<String> candles) {
    Jobs.Options options =
        new Jobs.Options(since, candles, lateness, 30_000, List.of("market_data"), startingOffsets);
    return withProgress(new Jobs.Job(id, List.of(options), Optional.empty()), 0, since);
  }

  private static Jobs.Job withProgress(Jobs.Job job, long offset, long completeUntil) {
    return new Jobs.Job(
        job.id(),
        job.options(),
        Optional.of(
            new Jobs.Progress(Map.of("market_data-0", offset), completeUntil, completeUntil)));
  }
}
