package io.marketstream.embedded.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StartGroupTest {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> cancellation = new CompletableFuture<>();

  @Nested
  class Order {
    @Test
    void dependenciesStartFirst() {
      Step kafka = step("kafka");
      Step worker = step("worker", kafka);
      Step connector = step("connector", worker);

      group(connector, worker, kafka).start();

      assertThat(events).containsExactly("kafka", "worker", "connector");
    }

    @Test
    void sharedDependenciesStartOnceAndNeedNotBeMembers() {
      Step kafka = step("kafka");
      Step worker = step("worker", kafka);
      Step job = step("job", kafka);

      group(step("connectors", worker, job)).start();

      assertThat(events).hasSize(4).startsWith("kafka").endsWith("connectors");
    }

    @Test
    void independentOnesStartInParallel() {
      CyclicBarrier bothAreStarting = new CyclicBarrier(2);
      Step kafka = Step.of("kafka", () -> meet(bothAreStarting));
      Step cassandra = Step.of("cassandra", () -> meet(bothAreStarting));

      group(step("job", kafka, cassandra)).start();

      assertThat(events).containsExactly("job");
    }

    @Test
    void aDependentWaitsForTheListenerToo() {
      Step kafka = step("kafka");
      StartListener listener =
          new StartListener() {
            @Override
            public void starting(Startable startable) {
              events.add("starting " + startable.name());
            }

            @Override
            public void started(Startable startable) {
              events.add("started " + startable.name());
            }
          };

      new StartGroup(List.of(step("worker", kafka)), listener).start();

      assertThat(events)
          .containsExactly(
              "starting kafka",
              "kafka",
              "started kafka",
              "starting worker",
              "worker",
              "started worker");
    }

    @Test
    void aCycleIsRefused() {
      Set<Startable> laterWorker = new HashSet<>();
      Startable kafka =
          new Startable() {
            @Override
            public String name() {
              return "kafka";
            }

            @Override
            public Set<Startable> dependencies() {
              return laterWorker;
            }

            @Override
            public void start() {}

            @Override
            public void stop() {}
          };
      Step worker = step("worker", kafka);
      laterWorker.add(worker);

      assertThatThrownBy(() -> group(worker))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("worker depends on itself: worker -> kafka -> worker");
    }
  }

  @Nested
  class Stop {
    @Test
    void happensInTheReverseOrder() {
      Step kafka = step("kafka");
      StartGroup group = group(step("connectors", step("worker", kafka)));
      group.start();
      events.clear();

      group.stop();

      assertThat(events).containsExactly("stop connectors", "stop worker", "stop kafka");
    }

    @Test
    void oneFailureDoesNotKeepTheOthersRunning() {
      Step kafka = step("kafka");
      Step worker =
          step("worker", kafka)
              .undoneBy(
                  () -> {
                    throw new IllegalStateException("worker");
                  });
      StartGroup group = group(worker);
      group.start();
      events.clear();

      assertThatThrownBy(group::stop).hasMessage("worker");
      assertThat(events).containsExactly("stop kafka");
    }
  }

  @Nested
  class Failure {
    private final IllegalStateException failure = new IllegalStateException("no disk");

    @Test
    void isThrownAsItIsAndStopsWhatHasStarted() {
      Step kafka = step("kafka");
      Step worker = step("worker", kafka);
      Step job = Step.of("job", this::fail, worker);

      assertThatThrownBy(() -> group(step("connectors", job)).start()).isSameAs(failure);

      assertThat(events).containsExactly("kafka", "worker", "stop worker", "stop kafka");
    }

    @Test
    void interruptsASlowStartInsteadOfWaitingForIt() {
      CountDownLatch slowOneHasBegun = new CountDownLatch(1);
      Step slow =
          Step.of(
              "slow",
              () -> {
                slowOneHasBegun.countDown();
                sleep(Duration.ofHours(1));
              });
      Step failing =
          Step.of(
              "failing",
              () -> {
                awaitLatch(slowOneHasBegun);
                fail();
              });

      assertThatThrownBy(() -> group(slow, failing).start()).isSameAs(failure);

      assertThat(events).containsExactly("interrupted");
    }

    @Test
    void keepsTheFailuresOfStopsAsSuppressed() {
      IllegalStateException stubborn = new IllegalStateException("stubborn");
      Step kafka =
          step("kafka")
              .undoneBy(
                  () -> {
                    throw stubborn;
                  });

      assertThatThrownBy(() -> group(Step.of("worker", this::fail, kafka)).start())
          .isSameAs(failure)
          .hasSuppressedException(stubborn);
    }

    @Test
    void stopsAlsoWhatIgnoresTheInterrupt() {
      CountDownLatch groupHasFailed = new CountDownLatch(1);
      CountDownLatch deafOneHasBegun = new CountDownLatch(1);
      Step deaf =
          Step.of(
                  "deaf",
                  () -> {
                    deafOneHasBegun.countDown();
                    awaitUninterruptibly(groupHasFailed);
                    events.add("deaf");
                  })
              .undoneBy(() -> events.add("stop deaf"));
      Step failing =
          Step.of(
              "failing",
              () -> {
                awaitLatch(deafOneHasBegun);
                fail();
              });
      StartGroup group =
          new StartGroup(
              List.of(deaf, failing), StartListener.NONE, Duration.ofMillis(50), Startable::stop);

      assertThatThrownBy(group::start).isSameAs(failure);
      groupHasFailed.countDown();

      Awaitility.await()
          .untilAsserted(() -> assertThat(events).containsExactly("deaf", "stop deaf"));
    }

    private void fail() {
      throw failure;
    }
  }

  @Nested
  class Cancellation {
    @Test
    void endsTheStartAndLeavesTheStopToTheCaller() {
      Step kafka = step("kafka");
      Step slow =
          Step.of(
              "slow",
              () -> {
                cancellation.complete(null);
                sleep(Duration.ofHours(1));
              },
              kafka);
      StartGroup group = group(step("never", slow));

      assertThatThrownBy(() -> group.start(cancellation)).isInstanceOf(CancellationException.class);
      assertThat(events).containsExactly("kafka", "interrupted");

      group.stop();
      assertThat(events).endsWith("stop kafka");
    }

    @Test
    void takesPrecedenceOverAFailureThatItCaused() {
      Step failing =
          Step.of(
              "failing",
              () -> {
                cancellation.complete(null);
                throw new IllegalStateException("killed by the same Ctrl-C");
              });

      assertThatThrownBy(() -> group(failing).start(cancellation))
          .isInstanceOf(CancellationException.class);
    }
  }

  private StartGroup group(Startable... members) {
    return new StartGroup(Arrays.asList(members), StartListener.NONE);
  }

  private Step step(String name, Startable... dependencies) {
    return Step.of(name, () -> events.add(name), dependencies)
        .undoneBy(() -> events.add("stop " + name));
  }

  private void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      events.add("interrupted");
      throw new IllegalStateException(e);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the other one does not start at the same time", e);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // Ignores the interrupt on purpose.
      }
    }
  }
}
