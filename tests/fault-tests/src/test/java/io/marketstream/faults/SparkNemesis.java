package io.marketstream.faults;

import static org.awaitility.Awaitility.await;

import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Kills the driver and the executors of a job that runs on a Spark cluster. */
final class SparkNemesis {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final TestStack stack;
  private final Random choice;

  /**
   * @param stack with a Spark cluster
   * @param choice chooses the executors that are hit
   */
  SparkNemesis(TestStack stack, Random choice) {
    this.stack = stack;
    this.choice = choice;
  }

  List<Fault> all() {
    return List.of(executorKilled(), ProcessNemesis.killed("driver", stack.job));
  }

  /** SIGKILL to one executor. Spark starts another. */
  Fault executorKilled() {
    return new Fault("one executor of two: kill -9", this::killExecutor);
  }

  private void killExecutor() {
    // After a kill of the driver an executor may still be starting. The seed chooses from two.
    await("an executor on each worker")
        .atMost(TIMEOUT)
        .until(() -> executors().size() == stack.sparkWorkers.size());
    List<ProcessHandle> before = executors();
    ProcessHandle victim = before.get(choice.nextInt(before.size()));
    victim.destroyForcibly();
    await("another executor in its place")
        .atMost(TIMEOUT)
        .until(() -> executors().size() == before.size() && !executors().contains(victim));
  }

  private List<ProcessHandle> executors() {
    return stack.sparkWorkers.stream().flatMap(worker -> worker.executors().stream()).toList();
  }
}
