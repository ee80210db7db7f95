package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.local.run.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fault runs of one test. Each run has a fresh pipeline and a check of its own, because the
 * ticks of a run have to fit in memory. All tests of one Maven build add to one report, {@code
 * target/fault-report.md}.
 *
 * <p>{@code -Dmarketstream.seed=N} repeats a test.
 */
final class FaultRuns {
  static final long SEED = Long.getLong("marketstream.seed", 20261125L);

  private static final Logger LOG = LoggerFactory.getLogger(FaultRuns.class);
  private static final int FAULTS_PER_RUN = 20;
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  private final TestReporter reporter;
  private final FaultReportFiles report =
      new FaultReportFiles(TARGET, System.getProperty("marketstream.faults.build", "no build"));

  /**
   * @param reporter receives the report after each run
   */
  FaultRuns(TestReporter reporter) {
    this.reporter = reporter;
  }

  /**
   * Injects so many faults in one or more runs, and then asserts that every run was green. A run
   * that fails does not stop the others.
   *
   * @param topologies take turns, one run each
   * @throws TestAbortedException if this machine cannot run a topology; the report says so
   */
  void inject(int faults, List<Topology> topologies) throws Exception {
    FaultGenerator generator =
        new FaultGenerator(SEED, FAULTS_PER_RUN, topologies.stream().map(Topology::cycle).toList());
    List<String> failures = new ArrayList<>();
    TestAbortedException skipped = null;
    for (int run = 0; run * FAULTS_PER_RUN < faults; run++) {
      Topology topology = topologies.get(run % topologies.size());
      int planned = Math.min(FAULTS_PER_RUN, faults - run * FAULTS_PER_RUN);
      LOG.info(
          "Fault run {} on {}, seed {}: {} faults at {} ticks/s",
          run + 1,
          topology.name(),
          SEED,
          planned,
          topology.rates().together());
      FaultRunResult result;
      try {
        result = run(new FaultRun(topology, generator, run, SEED), planned);
      } catch (TestAbortedException e) {
        result = FaultRunResult.skipped(topology, SEED, planned, e.getMessage());
        skipped = e;
      }
      String markdown = FaultReportText.markdown(report.add(result));
      LOG.info("The report of this build:\n{}", markdown);
      reporter.publishEntry("fault report", markdown);
      if (!result.isSkipped() && !result.isGreen()) {
        failures.add("fault run " + (run + 1) + " on " + topology.name() + ": " + result.failure());
      }
    }
    assertThat(failures).as("fault runs that failed, seed " + SEED).isEmpty();
    if (skipped != null) {
      throw skipped;
    }
  }

  /**
   * Keeps the logs of a green run, because they say why a component ended. Keeps all files of other
   * runs.
   */
  private static FaultRunResult run(FaultRun run, int faults) throws Exception {
    Path home = Files.createTempDirectory(TARGET, "fault-run-");
    LOG.info("The data and logs of the fault run are in {}", home);
    FaultRunResult result = run.run(faults, home);
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
