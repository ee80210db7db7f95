package io.marketstream.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProgressWriterTest {
  private final List<String> rows = Collections.synchronizedList(new ArrayList<>());

  /** The writer's thread waits until the test lets it run. */
  @Nested
  class WhileTheThreadIsBusy {
    private final Steps thread = new Steps();
    private final Deque<Runnable> failures = new ArrayDeque<>();
    private final ProgressWriter writer =
        new ProgressWriter(
            progress -> {
              if (!failures.isEmpty()) {
                failures.remove().run();
                throw new IOException("no quorum");
              }
              rows.add(text(progress));
            },
            thread);

    @Test
    void onlyTheNewestOfEachQueryIsWritten() {
      writer.write(progress("ticks", 1));
      writer.write(progress("fold", 1));
      writer.write(progress("ticks", 2));
      writer.write(progress("ticks", 3));
      assertThat(rows).isEmpty();

      thread.runAll();

      assertThat(rows).containsExactly("ticks 3", "fold 1");
    }

    @Test
    void thereIsOneTaskHoweverMuchIsReported() {
      writer.write(progress("ticks", 1));
      writer.write(progress("fold", 1));

      assertThat(thread.tasks).hasSize(1);
    }

    @Test
    void aReportAfterTheLastWriteIsWritten() {
      writer.write(progress("ticks", 1));
      thread.runAll();
      writer.write(progress("ticks", 2));
      thread.runAll();

      assertThat(rows).containsExactly("ticks 1", "ticks 2");
    }

    @Test
    void theNextReportRepeatsAFailedWrite() {
      failures.add(() -> {});
      writer.write(progress("ticks", 1));
      thread.runAll();
      assertThat(thread.tasks).isEmpty();

      writer.write(progress("fold", 1));
      thread.runAll();

      assertThat(rows).containsExactlyInAnyOrder("ticks 1", "fold 1");
    }

    @Test
    void aFailedReportDoesNotReplaceANewerOne() {
      failures.add(() -> writer.write(progress("ticks", 2)));
      writer.write(progress("ticks", 1));
      thread.runAll();
      writer.write(progress("fold", 1));
      thread.runAll();

      assertThat(rows).containsExactly("ticks 2", "fold 1");
    }
  }

  /** A write that takes as long as the test decides. */
  @Nested
  class WhileAWriteIsUnderWay {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    private final ProgressWriter writer =
        new ProgressWriter(
            progress -> {
              entered.countDown();
              acknowledged.get();
              rows.add(text(progress));
            });

    @Test
    void reportingDoesNotWaitAndTheNewestFollows() throws Exception {
      writer.write(progress("ticks", 1));
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
      writer.write(progress("ticks", 2));
      writer.write(progress("ticks", 3));
      assertThat(rows).isEmpty();

      acknowledged.complete(null);
      writer.finish(20_000);

      assertThat(rows).containsExactly("ticks 1", "ticks 3");
    }

    @Test
    void theEndDoesNotWaitForEver() throws Exception {
      writer.write(progress("ticks", 1));

      writer.finish(10);

      assertThat(rows).isEmpty();
    }
  }

  @Test
  void theEndRepeatsAFailedWrite() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    ProgressWriter writer =
        new ProgressWriter(
            progress -> {
              if (failed.getCount() > 0) {
                failed.countDown();
                throw new IOException("the session was ended");
              }
              rows.add(text(progress));
            });
    writer.write(progress("ticks", 1));
    assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();

    writer.finish(20_000);

    assertThat(rows).containsExactly("ticks 1");
  }

  /** The end waits for the write. If it fails, the end repeats it. */
  @Test
  void theEndRepeatsAWriteThatFailsMeanwhile() throws Exception {
    CountDownLatch under = new CountDownLatch(1);
    CountDownLatch fails = new CountDownLatch(1);
    ProgressWriter writer =
        new ProgressWriter(
            progress -> {
              if (under.getCount() > 0) {
                under.countDown();
                fails.await();
                throw new IOException("the session was ended");
              }
              rows.add(text(progress));
            });
    writer.write(progress("ticks", 1));
    assertThat(under.await(20, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> {
              try {
                writer.finish(20_000);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    fails.countDown();

    end.get(20, TimeUnit.SECONDS);
    assertThat(rows).containsExactly("ticks 1");
  }

  @Test
  void afterTheEndNothingIsWritten() throws Exception {
    ProgressWriter writer = new ProgressWriter(progress -> rows.add(text(progress)));
    writer.finish(20_000);

    writer.write(progress("ticks", 1));

    assertThat(rows).isEmpty();
  }

  private static QueryProgress progress(String query, long offset) {
    return new QueryProgress(query, Map.of("t-0", offset), null, null, Instant.EPOCH);
  }

  private static String text(QueryProgress progress) {
    return progress.query() + " " + progress.nextOffsets().get("t-0");
  }

  private static final class Steps extends AbstractExecutorService {
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    void runAll() {
      while (!tasks.isEmpty()) {
        tasks.remove().run();
      }
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
