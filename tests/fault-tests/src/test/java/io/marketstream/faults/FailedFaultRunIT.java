package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A fault run that fails still has an audit. A fault that does not happen fails its run. */
@Tag("faults")
class FailedFaultRunIT {

  @Test
  void thePipelineIsRepairedAndAudited() throws Exception {
    FaultRunResult run =
        run(
            pipeline ->
                () -> {
                  pipeline.finnhub.faults().stall();
                  pipeline.stack.kafka.kill();
                  pipeline.stack.cassandra.suspend();
                  pipeline.stack.job.kill();
                  throw new IllegalStateException("the fault failed");
                });

    assertThat(run.failure())
        .startsWith("java.lang.AssertionError: the fault: ")
        .contains("the fault failed")
        .endsWith("; the audit found nothing");
    assertThat(run.isGreen()).isFalse();
    assertThat(run.history()).isEmpty();
    assertThat(run.audit().delivered()).isPositive();
    assertThat(run.audit().isClean()).isTrue();
  }

  @Test
  void theFindingsAreReportedBesideTheFailure() throws Exception {
    FaultRunResult run =
        run(
            pipeline ->
                () -> {
                  pipeline.cassandra().execute("TRUNCATE ticks");
                  throw new IllegalStateException("the fault failed");
                });

    assertThat(run.failure())
        .startsWith("java.lang.AssertionError: the fault: ")
        .contains("the fault failed", "; ", " findings: ", "UNEXPLAINED");
    assertThat(run.audit().unexplained()).isPositive();
  }

  @Test
  void malformedFramesThatReachNoConnectionFail() throws Exception {
    FaultRunResult run =
        run(
            pipeline ->
                () -> {
                  pipeline.finnhub.faults().stopServer();
                  await().until(() -> pipeline.finnhub.connected() == 0);
                  inject(pipeline, "feed: malformed and oversized frames");
                });

    assertThat(run.failure())
        .contains("connections of", "reached")
        .endsWith("; the audit found nothing");
    assertThat(run.audit().isClean()).isTrue();
  }

  @Test
  void aBurstThatIsNotSentFails() throws Exception {
    FaultRunResult run =
        run(
            pipeline ->
                () -> {
                  pipeline.coincap.pauseSending();
                  inject(pipeline, "feed: burst of 100 times, prices");
                });

    assertThat(run.failure())
        .contains("a burst of", "was not fulfilled")
        .endsWith("; the audit found nothing");
    assertThat(run.audit().isClean()).isTrue();
  }

  private static void inject(TestPipeline pipeline, String name) throws InterruptedException {
    for (Fault fault : new FeedNemesis(pipeline).all()) {
      if (fault.name().equals(name)) {
        fault.inject();
        return;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static FaultRunResult run(Function<TestPipeline, Fault.Injection> injection)
      throws Exception {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "failed-fault-run-");
    Topology topology = new OneFault(injection);
    FaultGenerator generator = new FaultGenerator(FaultRuns.SEED, 1, List.of(topology.cycle()));
    return new FaultRun(topology, generator, 0, FaultRuns.SEED).run(1, home);
  }

  /** A topology of single nodes with one fault. */
  private record OneFault(Function<TestPipeline, Fault.Injection> injection) implements Topology {
    @Override
    public String name() {
      return "one fault";
    }

    @Override
    public TestStack stack(Path home) {
      return TestStack.single(home).build();
    }

    @Override
    public FeedRates rates() {
      return new FeedRates(60, 20, 20);
    }

    @Override
    public List<FaultShare> cycle() {
      return List.of(new FaultShare("part", 1));
    }

    @Override
    public Map<String, List<Fault>> faults(TestPipeline pipeline, Random members) {
      return Map.of("part", List.of(new Fault("the fault", injection.apply(pipeline))));
    }
  }
}
