package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.FindingKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultReportTest {
  private static final Account CLEAN = new Account(100, 90, 7, 3, 5, Map.of());

  @TempDir Path folder;

  @Test
  void medianAndMaximumOfAnOddAndAnEvenNumberOfTimes() {
    assertThat(RecoveryTimes.of(List.of(5_000L, 1_000L, 2_000L)))
        .isEqualTo(new RecoveryTimes(3, 2_000, 5_000));
    assertThat(RecoveryTimes.of(List.of(4_000L, 1_000L, 2_000L, 9_000L)))
        .isEqualTo(new RecoveryTimes(4, 3_000, 9_000));
    assertThat(RecoveryTimes.of(List.of(7L))).isEqualTo(new RecoveryTimes(1, 7, 7));
  }

  @Test
  void recoveriesAreGatheredByKindOverAllSeasons() {
    FaultReport report =
        new FaultReport("run", List.of())
            .plus(season(CLEAN, null, new Round("b", 1_000, 0), new Round("a", 2_000, 0)))
            .plus(season(CLEAN, null, new Round("b", 3_000, 0)));

    assertThat(report.recoveries())
        .containsExactly(
            Map.entry("a", new RecoveryTimes(1, 2_000, 2_000)),
            Map.entry("b", new RecoveryTimes(2, 2_000, 3_000)));
    assertThat(report.rounds()).hasSize(3);
  }

  @Test
  void accountsAddUp() {
    Account bad =
        new Account(
            50, 40, 5, 0, 1, Map.of(FindingKind.DUPLICATE, 2L, FindingKind.UNEXPLAINED, 5L));
    FaultReport report =
        new FaultReport("run", List.of())
            .plus(season(CLEAN, null))
            .plus(season(bad, "2 findings"))
            .plus(season(bad, "2 findings"));

    assertThat(report.account())
        .isEqualTo(
            new Account(
                200,
                170,
                17,
                3,
                7,
                Map.of(FindingKind.DUPLICATE, 4L, FindingKind.UNEXPLAINED, 10L)));
    assertThat(report.account().unexplained()).isEqualTo(10);
    assertThat(report.isGreen()).isFalse();
  }

  @Test
  void aTickThatIsMissingIsNotGreenEvenIfTheAuditDidNotNameIt() {
    assertThat(season(new Account(10, 9, 0, 0, 5, Map.of()), null).isGreen()).isFalse();
    assertThat(season(CLEAN, null).isGreen()).isTrue();
  }

  @Test
  void aSeasonOfWhichNoCandleWasCheckedIsNotGreen() {
    assertThat(season(new Account(10, 10, 0, 0, 0, Map.of()), null).isGreen()).isFalse();
  }

  @Test
  void aSeasonWithoutAnAuditIsNeitherGreenNorCountedAsNothingLost() {
    SeasonResult cutOff = season(Account.NONE, "Cassandra did not start");

    assertThat(cutOff.isGreen()).isFalse();
    assertThat(season(Account.NONE, null).isGreen()).isFalse();
    assertThat(FaultReportText.markdown(new FaultReport("run", List.of(cutOff))))
        .contains("1 seasons failed before their audit: the account lacks them.");
  }

  @Test
  void roundsThatWereSkippedAreToldWithTheReasonAndProveNothing() throws Exception {
    SeasonResult skipped =
        SeasonResult.skipped(new SmallDisks(), 7, 10, "a small disk cannot be mounted here");
    new FaultReportFiles(folder, "monday").add(season(CLEAN, null, new Round("a", 1_500, 200)));
    FaultReport both = new FaultReportFiles(folder, "monday").add(skipped);

    assertThat(both.isGreen()).isTrue();
    assertThat(new FaultReport("run", List.of(skipped)).isGreen()).isFalse();
    assertThat(Files.readString(folder.resolve("fault-report.md")))
        .contains(
            "1 of 11 rounds planned, in 2 seasons",
            "**10 rounds skipped, single node on small disks: a small disk cannot be mounted here.**",
            "| single node on small disks | 0 of 10 |")
        .doesNotContain("failed before their audit");
    assertThat(Files.readString(folder.resolve("fault-report.json")))
        .contains("\"planned\" : 11", "\"skipped\" : \"a small disk cannot be mounted here\"");
  }

  @Test
  void aFailureOfSeveralLinesIsToldWhole() {
    String failure =
        "feed: stalls: java.lang.AssertionError: \nExpecting a | b\n  to be empty; then";

    assertThat(FaultReportText.markdown(new FaultReport("run", List.of(season(CLEAN, failure)))))
        .contains(
            "FAILED: feed: stalls: java.lang.AssertionError: Expecting a / b to be empty; then");
  }

  @Test
  void theTestsOfOneBuildAddToOneReport() throws Exception {
    new FaultReportFiles(folder, "monday").add(season(CLEAN, null, new Round("a", 1_500, 200)));
    FaultReport both =
        new FaultReportFiles(folder, "monday").add(season(CLEAN, null, new Round("a", 2_500, 0)));

    assertThat(both.seasons()).hasSize(2);
    assertThat(Files.readString(folder.resolve("fault-report.md")))
        .contains(
            "2 of 2 rounds planned, in 2 seasons, seed 7",
            "| ticks delivered | 200 |",
            "| unexplained (must be 0) | 0 |",
            "| duplicates (must be 0) | 0 |",
            "| a | 2 | 2.0 | 2.5 |");
    assertThat(Files.readString(folder.resolve("fault-report.json")))
        .contains("\"unexplained\" : 0", "\"medianMs\" : 2000");
  }

  @Test
  void anEarlierBuildsReportIsReplaced() throws Exception {
    new FaultReportFiles(folder, "monday").add(season(CLEAN, null));

    assertThat(new FaultReportFiles(folder, "tuesday").add(season(CLEAN, null)).seasons())
        .hasSize(1);
  }

  @Test
  void aReportThatWasCutOffWhileItWasWrittenIsReplaced() throws Exception {
    Files.writeString(folder.resolve("fault-report.json"), "{\"run\" : \"mon");

    assertThat(new FaultReportFiles(folder, "monday").add(season(CLEAN, null)).seasons())
        .hasSize(1);
  }

  @Test
  void findingsSurviveTheFile() throws Exception {
    Account bad = new Account(2, 1, 0, 0, 0, Map.of(FindingKind.UNEXPLAINED, 1L));
    new FaultReportFiles(folder, "monday").add(season(bad, "1 findings"));

    FaultReport both = new FaultReportFiles(folder, "monday").add(season(CLEAN, null));

    assertThat(both.account().found(FindingKind.UNEXPLAINED)).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("fault-report.md")))
        .contains("**Not everything is right.**", "FAILED: 1 findings");
  }

  private static SeasonResult season(Account account, String failure, Round... rounds) {
    return new SeasonResult(
        "single node", 7, rounds.length, 2_000, 60, 5, List.of(rounds), account, failure, null);
  }
}
