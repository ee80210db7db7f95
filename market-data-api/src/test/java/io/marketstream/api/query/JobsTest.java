package io.marketstream.api.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.api.cassandra.MarketTables.JobOptions;
import io.marketstream.api.cassandra.MarketTables.JobProgress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobsTest {
  private static final long NOW = 10_000_000;

  @Test
  void ofJobsWithTheSameTopicsTheNewestCounts() {
    List<Jobs.Job> current =
        Jobs.current(
            List.of(options("old", 1, "market_data"), options("new", 2, "market_data")),
            List.of(progress("old", "market_data-0", NOW), progress("new", "market_data-0", NOW)));

    assertThat(current).extracting(Jobs.Job::id).containsExactly("new");
  }

  @Test
  void jobsWithTopicsOfTheirOwnAllCount() {
    List<Jobs.Job> current =
        Jobs.current(
            List.of(options("a", 1, "market_data"), options("b", 2, "other")),
            List.of(progress("a", "market_data-0", NOW)));

    assertThat(current).extracting(Jobs.Job::id).containsExactly("b", "a");
    assertThat(current.get(0).reportedAt()).isNull();
  }

  @Test
  void aSilentJobOfWhichANewerOneReadsAPartIsReplaced() {
    List<Jobs.Job> current =
        Jobs.current(
            List.of(options("old", 1, "market_data", "more"), options("new", 2, "market_data")),
            List.of(
                progress("old", "more-0", NOW - 600_001), progress("new", "market_data-0", NOW)));

    assertThat(current).extracting(Jobs.Job::id).containsExactly("new");
  }

  /** In real-time mode, one query stores and another one folds. */
  @Test
  void ofBothQueriesOfAJobTheSlowerOneCounts() {
    Jobs.Job job =
        Jobs.current(
                List.of(options("a", 5, "market_data"), options("a", 3, "market_data")),
                List.of(
                    new JobProgress(
                        "a", Map.of("market_data-0", 9L, "market_data_gaps-0", 2L), NOW - 5, NOW),
                    new JobProgress(
                        "a",
                        Map.of("market_data-0", 7L, "market_data_gaps-0", 4L),
                        NOW - 3,
                        NOW - 7)))
            .get(0);

    assertThat(job.began()).isEqualTo(3);
    assertThat(job.topics()).isEqualTo(Set.of("market_data", "market_data_gaps"));
    assertThat(job.completeUntil()).isEqualTo(NOW - 5);
    assertThat(job.reportedAt()).isEqualTo(NOW - 7);
    assertThat(job.nextOffsets()).isEqualTo(Map.of("market_data-0", 7L, "market_data_gaps-0", 2L));
  }

  /** The query that stores reports at the end of its first interval, the fold much sooner. */
  @Test
  void untilBothQueriesHaveReportedNothingIsInTheTables() {
    JobProgress started = new JobProgress("a", Map.of(), null, NOW);
    JobProgress folded = progress("a", "market_data-0", NOW);

    for (List<JobProgress> rows : List.of(List.of(started, folded), List.of(folded, started))) {
      Jobs.Job job = Jobs.current(List.of(options("a", 3, "market_data")), rows).get(0);

      assertThat(job.nextOffsets()).isEmpty();
      assertThat(job.completeUntil()).isNull();
    }
  }

  private static JobOptions options(String job, long since, String... topics) {
    return new JobOptions(job, since, List.of(topics));
  }

  private static JobProgress progress(String job, String partition, long reportedAt) {
    return new JobProgress(job, Map.of(partition, 1L), reportedAt, reportedAt);
  }
}
