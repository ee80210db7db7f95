package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.report.FindingKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultReportTest {
  private static final AuditSummary CLEAN = new AuditSummary(100, 90, 7, 3, 5, Map.of());

  @TempDir Path folder;

  @Test
  void medianAndMaximumOfOddAndEvenCounts() {
    assertThat(RecoveryTimes.of(List.of(5_000L, 1_000L, 2_000L)))
        .isEqualTo(new RecoveryTimes(3, 2_000, 5_000));
    assertThat(RecoveryTimes.of(List.of(4_000L, 1_000L, 2_000L, 9_000L)))
        .isEqualTo(new RecoveryTimes(4, 3_000, 9_000));
    assertThat(RecoveryTimes.of(List.of(7L))).isEqualTo(new RecoveryTimes(1, 7, 7));
  }

  @Test
  void recoveriesAreGroupedByFaultOverAllRuns() {
    FaultReport report =
        new FaultReport("build", List.of())
            .plus(
                run(
                    CLEAN,
                    null,
                    new InjectedFault("b", 1_000, 0),
                    new InjectedFault("a", 2_000, 0)))
            .plus(run(CLEAN, null, new InjectedFault("b", 3_000, 0)));

    assertThat(report.recoveries())
        .containsExactly(
            Map.entry("a", new RecoveryTimes(1, 2_000, 2_000)),
            Map.entry("b", new RecoveryTimes(2, 2_000, 3_000)));
    assertThat(report.history()).hasSize(3);
  }

  @Test
  void auditsAddUp() {
    AuditSummary bad =
        new AuditSummary(
            50, 40, 5, 0, 1, Map.of(FindingKind.DUPLICATE, 2L, FindingKind.UNEXPLAINED, 5L));
    FaultReport report =
        new FaultReport("build", List.of())
            .plus(run(CLEAN, null))
            .plus(run(bad, "2 findings"))
            .plus(run(bad, "2 findings"));

    assertThat(report.audit())
        .isEqualTo(
            new AuditSummary(
                200,
                170,
                17,
                3,
                7,
                Map.of(FindingKind.DUPLICATE, 4L, FindingKind.UNEXPLAINED, 10L)));
    assertThat(report.audit().unexplained()).isEqualTo(10);
    assertThat(report.isGreen()).isFalse();
  }

  @Test
  void aMissingTickIsNotGreenEvenWithoutAFinding() {
    assertThat(run(new AuditSummary(10, 9, 0, 0, 5, Map.of()), null).isGreen()).isFalse();
    assertThat(run(CLEAN, null).isGreen()).isTrue();
  }

  @Test
  void aRunWithoutCheckedCandlesIsNotGreen() {
    assertThat(run(new AuditSummary(10, 10, 0, 0, 0, Map.of()), null).isGreen()).isFalse();
  }

  @Test
  void aRunWithoutAnAuditIsNotGreen() {
    FaultRunResult cutOff = run(AuditSummary.NONE, "Cassandra did not start");

    assertThat(cutOff.isGreen()).isFalse();
    assertThat(run(AuditSummary.NONE, null).isGreen()).isFalse();
    assertThat(FaultReportText.markdown(new FaultReport("build", List.of(cutOff))))
        .contains("1 runs failed before their audit. The figures do not include them.");
  }

  @Test
  void skippedFaultsAreReportedWithTheReason() throws Exception {
    FaultRunResult skipped =
        FaultRunResult.skipped(new SmallDisks(), 7, 10, "a small disk cannot be mounted here");
    new FaultReportFiles(folder, "monday")
        .add(run(CLEAN, null, new InjectedFault("a", 1_500, 200)));
    FaultReport both = new FaultReportFiles(folder, "monday").add(skipped);

    assertThat(both.isGreen()).isTrue();
    assertThat(new FaultReport("build", List.of(skipped)).isGreen()).isFalse();
    assertThat(Files.readString(folder.resolve("fault-report.md")))
        .contains(
            "1 of 11 faults injected, in 2 runs",
            "**10 faults skipped, single node on small disks: a small disk cannot be mounted here.**",
            "| single node on small disks | 0 of 10 |")
        .doesNotContain("failed before their audit");
    assertThat(Files.readString(folder.resolve("fault-report.json")))
        .contains("\"planned\" : 11", "\"skipped\" : \"a small disk cannot be mounted here\"");
  }

  @Test
  void aFailureOfSeveralLinesIsReportedWhole() {
    String failure =
        "feed: stalls: java.lang.AssertionError: \nExpecting a | b\n  to be empty; then";

    assertThat(FaultReportText.markdown(new FaultReport("build", List.of(run(CLEAN, failure)))))
        .contains(
            "FAILED: feed: stalls: java.lang.AssertionError: Expecting a / b to be empty; then");
  }

  @Test
  void testsOfOneBuildAddToOneReport() throws Exception {
    new FaultReportFiles(folder, "monday")
        .add(run(CLEAN, null, new InjectedFault("a", 1_500, 200)));
    FaultReport both =
        new FaultReportFiles(folder, "monday")
            .add(run(CLEAN, null, new InjectedFault("a", 2_500, 0)));

    assertThat(both.runs()).hasSize(2);
    assertThat(Files.readString(folder.resolve("fault-report.md")))
        .contains(
            "2 of 2 faults injected, in 2 runs, seed 7",
            "| ticks delivered | 200 |",
            "| unexplained (must be 0) | 0 |",
            "| duplicates (must be 0) | 0 |",
            "| a | 2 | 2.0 | 2.5 |");
    assertThat(Files.readString(folder.resolve("fault-report.json")))
        .contains("\"unexplained\" : 0", "\"medianMs\" : 2000");
  }

  @Test
  void theReportOfAnEarlierBuildIsReplaced() throws Exception {
    new FaultReportFiles(folder, "monday").add(run(CLEAN, null));

    assertThat(new FaultReportFiles(folder, "tuesday").add(run(CLEAN, null)).runs()).hasSize(1);
  }

  @Test
  void anIncompleteReportIsReplaced() throws Exception {
    Files.writeString(folder.resolve("fault-report.json"), "{\"build\" : \"mon");

    assertThat(new FaultReportFiles(folder, "monday").add(run(CLEAN, null)).runs()).hasSize(1);
  }

  @Test
  void findingsAreReadBackFromTheFile() throws Exception {
    AuditSummary bad = new AuditSummary(2, 1, 0, 0, 0, Map.of(FindingKind.UNEXPLAINED, 1L));
    new FaultReportFiles(folder, "monday").add(run(bad, "1 findings"));

    FaultReport both = new FaultReportFiles(folder, "monday").add(run(CLEAN, null));

    assertThat(both.audit().found(FindingKind.UNEXPLAINED)).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("fault-report.md")))
        .contains("**Something failed.**", "FAILED: 1 findings");
  }

  private static FaultRunResult run(AuditSummary audit, String failure, InjectedFault... history) {
    return new FaultRunResult(
        "single node", 7, history.length, 2_000, 60, 5, List.of(history), audit, failure, null);
  }
}
