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

  @Test
  void ofBothQueriesOfAnOlderJobTheSlowerOneCounts() {
    Jobs.Job job =
        Jobs.current(
                List.of(options("a", 5, "market_data"), options("a", 3, "market_data")),
                List.of(
                    progress("a", "market_data-0", NOW),
                    progress("a", "market_data_gaps-0", NOW - 7)))
            .get(0);

    assertThat(job.began()).isEqualTo(3);
    assertThat(job.topics()).isEqualTo(Set.of("market_data", "market_data_gaps"));
    assertThat(job.reportedAt()).isEqualTo(NOW - 7);
    assertThat(job.nextOffsets()).containsOnlyKeys("market_data-0", "market_data_gaps-0");
  }

  private static JobOptions options(String job, long since, String... topics) {
    return new JobOptions(job, since, List.of(topics));
  }

  private static JobProgress progress(String job, String partition, long reportedAt) {
    return new JobProgress(job, Map.of(partition, 1L), reportedAt, reportedAt);
  }
}
