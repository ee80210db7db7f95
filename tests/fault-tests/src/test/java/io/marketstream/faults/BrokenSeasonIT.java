package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.pipeline.RealComponents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A season that breaks off fails, with the account of its ticks; faults that do not happen fail it.
 */
@Tag("faults")
class BrokenSeasonIT {

  @Test
  void whatAStrikeLeftBehindIsMendedAndTheTicksAreAudited() throws Exception {
    SeasonResult season =
        season(
            pipeline ->
                () -> {
                  pipeline.finnhub.faults().stall();
                  pipeline.components.kafka.kill();
                  pipeline.components.cassandra.suspend();
                  pipeline.components.job.kill();
                  throw new IllegalStateException("it broke off");
                });

    assertThat(season.failure())
        .startsWith("java.lang.AssertionError: the fault: ")
        .contains("it broke off")
        .endsWith("; the audit found nothing");
    assertThat(season.isGreen()).isFalse();
    assertThat(season.rounds()).isEmpty();
    assertThat(season.account().delivered()).isPositive();
    assertThat(season.account().isBalanced()).isTrue();
  }

  @Test
  void whatTheAuditFindsStandsBesideTheStrikeThatFailed() throws Exception {
    SeasonResult season =
        season(
            pipeline ->
                () -> {
                  pipeline.cassandra().execute("TRUNCATE ticks");
                  throw new IllegalStateException("it broke off");
                });

    assertThat(season.failure())
        .startsWith("java.lang.AssertionError: the fault: ")
        .contains("it broke off", "; ", " findings: ", "UNEXPLAINED");
    assertThat(season.account().unexplained()).isPositive();
  }

  @Test
  void malformedFramesThatReachNobodyFailTheirStrike() throws Exception {
    SeasonResult season =
        season(
            pipeline ->
                () -> {
                  pipeline.finnhub.faults().stopServer();
                  await().until(() -> pipeline.finnhub.connected() == 0);
                  strike(pipeline, "feed: malformed and oversized frames");
                });

    assertThat(season.failure())
        .contains("connections of", "reached")
        .endsWith("; the audit found nothing");
    assertThat(season.account().isBalanced()).isTrue();
  }

  @Test
  void aBurstThatIsNotSentFailsItsStrike() throws Exception {
    SeasonResult season =
        season(
            pipeline ->
                () -> {
                  pipeline.coincap.pauseSending();
                  strike(pipeline, "feed: burst of 100 times, prices");
                });

    assertThat(season.failure())
        .contains("a burst of", "was not fulfilled")
        .endsWith("; the audit found nothing");
    assertThat(season.account().isBalanced()).isTrue();
  }

  private static void strike(RunningPipeline pipeline, String kind) throws InterruptedException {
    for (Fault fault : new FaultsOfFeeds(pipeline).all()) {
      if (fault.kind().equals(kind)) {
        fault.strike().strike();
        return;
      }
    }
    throw new IllegalArgumentException(kind);
  }

  private static SeasonResult season(Function<RunningPipeline, Fault.Strike> strike)
      throws Exception {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "broken-season-");
    SeasonKind kind = new OneFault(strike);
    FaultSchedule schedule = new FaultSchedule(SeasonRunner.SEED, 1, List.of(kind.cycle()));
    return new Season(kind, schedule, 0, SeasonRunner.SEED).run(1, home);
  }

  /** On single nodes. */
  private record OneFault(Function<RunningPipeline, Fault.Strike> strike) implements SeasonKind {
    @Override
    public String name() {
      return "one fault";
    }

    @Override
    public RealComponents components(Path home) {
      return new RealComponents(home);
    }

    @Override
    public FeedRates rates() {
      return new FeedRates(60, 20);
    }

    @Override
    public List<FaultShare> cycle() {
      return List.of(new FaultShare("part", 1));
    }

    @Override
    public Map<String, List<Fault>> faults(RunningPipeline pipeline, Random members) {
      return Map.of("part", List.of(new Fault("the fault", strike.apply(pipeline))));
    }
  }
}
