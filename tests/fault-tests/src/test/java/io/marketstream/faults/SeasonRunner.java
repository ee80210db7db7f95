package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.local.run.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * Plays rounds of faults in seasons, each on a fresh pipeline and audited on its own: what was sent
 * and what the audit reads is in memory, and a season's fits. All that run in one Maven build add
 * to one report, {@code target/fault-report.md}.
 *
 * <p>{@code -Dmarketstream.seed=N} repeats a schedule.
 */
final class SeasonRunner {
  static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final int ROUNDS_OF_A_SEASON = 20;
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private final FaultReportFiles report =
      new FaultReportFiles(TARGET, System.getProperty("marketstream.faults.build", "no build"));

  /**
   * Plays all rounds, whatever earlier seasons come to, then says whether each of them was green.
   *
   * @param kinds take turns, a season each
   * @throws TestAbortedException if seasons cannot be had on this machine; the report has them
   */
  void play(int rounds, List<SeasonKind> kinds) throws Exception {
    FaultSchedule schedule =
        new FaultSchedule(SEED, ROUNDS_OF_A_SEASON, kinds.stream().map(SeasonKind::cycle).toList());
    List<String> failures = new ArrayList<>();
    TestAbortedException skipped = null;
    for (int season = 0; season * ROUNDS_OF_A_SEASON < rounds; season++) {
      SeasonKind kind = kinds.get(season % kinds.size());
      int left = Math.min(ROUNDS_OF_A_SEASON, rounds - season * ROUNDS_OF_A_SEASON);
      System.out.printf(
          "%s, seed %d, season %d: %d rounds at %d ticks/s%n",
          kind.name(), SEED, season + 1, left, kind.rates().together());
      SeasonResult result;
      try {
        result = playOne(new Season(kind, schedule, season, SEED), left);
      } catch (TestAbortedException e) {
        result = SeasonResult.skipped(kind, SEED, left, e.getMessage());
        skipped = e;
      }
      System.out.println(FaultReportText.markdown(report.add(result)));
      if (!result.isSkipped() && !result.isGreen()) {
        failures.add("season " + (season + 1) + " of " + kind.name() + ": " + result.failure());
      }
    }
    assertThat(failures).as("seasons that failed, seed " + SEED).isEmpty();
    if (skipped != null) {
      throw skipped;
    }
  }

  /** Keeps the logs, which say why a component did not come back, and of a failed season all. */
  private static SeasonResult playOne(Season season, int rounds) throws Exception {
    Path home = Files.createTempDirectory(TARGET, "fault-schedule-");
    System.out.println("everything is in " + home);
    SeasonResult result = season.run(rounds, home);
    if (result.isGreen()) {
      deleteAllBut(home.resolve("logs"), home);
    }
    return result;
  }

  private static void deleteAllBut(Path kept, Path folder) throws IOException {
    List<Path> children;
    try (Stream<Path> all = Files.list(folder)) {
      children = all.filter(each -> !each.equals(kept)).toList();
    }
    for (Path each : children) {
      FileTree.delete(each);
    }
  }
}
