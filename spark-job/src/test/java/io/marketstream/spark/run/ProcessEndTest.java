package io.marketstream.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessEndTest {
  private final BlockingQueue<Integer> exits = new ArrayBlockingQueue<>(2);

  /** YARN treats an exit inside main as a failure, with any exit code. */
  @Test
  void successReturns() {
    new ProcessEnd(exits::add, Duration.ofHours(1)).end(JobCommand.DONE);

    assertThat(exits).isEmpty();
  }

  @Test
  void aFailureExitsWithItsCode() {
    new ProcessEnd(exits::add, Duration.ofHours(1)).end(JobCommand.FAILED);

    assertThat(exits).containsExactly(JobCommand.FAILED);
  }

  @Test
  void threadsThatStayDoNotHoldTheProcessForEver() throws InterruptedException {
    new ProcessEnd(exits::add, Duration.ofMillis(1)).end(JobCommand.DONE);

    assertThat(exits.poll(30, TimeUnit.SECONDS)).isEqualTo(JobCommand.DONE);
  }

  @Test
  void aThreadThatKeepsTheProcessAliveIsNamed() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Thread stays =
        new Thread(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "a-thread-that-stays");
    stays.start();

    assertThat(ProcessEnd.remainingThreads()).contains("a-thread-that-stays");

    end.countDown();
    stays.join();
    assertThat(ProcessEnd.remainingThreads()).doesNotContain("a-thread-that-stays");
  }
}
