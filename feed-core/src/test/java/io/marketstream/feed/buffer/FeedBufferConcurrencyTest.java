package io.marketstream.feed.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the socket thread, the scheduler and the task at the same time, each with a random pattern.
 * The threads race, so a seed repeats the patterns and not the exact schedule. The first seed is
 * random. {@code -Dmarketstream.seed=N} sets it.
 */
@Timeout(60)
class FeedBufferConcurrencyTest {

  private static final int RUNS = 20;
  private static final int FRAMES = 400;
  private static final int MAX_FRAME_TICKS = 8;
  private static final int CAPACITY = 32;
  private static final List<String> SYMBOLS = List.of("A", "B", "C", "D");
  private static final long SESSION = 1_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  static Stream<Arguments> seeds() {
    long first = Long.getLong("marketstream.seed", new Random().nextInt(1_000_000));
    return LongStream.range(first, first + RUNS)
        .boxed()
        .flatMap(
            seed -> Stream.of(OverflowPolicy.values()).map(policy -> Arguments.of(policy, seed)));
  }

  /** What the threads of a run have put into the buffer, and what the task has taken from it. */
  private static final class Run {
    final FeedBuffer buffer;
    final long seed;
    final Map<String, Long> numbered = new HashMap<>(); // only the socket thread, until it ends
    final List<BufferEntry> taken = new ArrayList<>(); // only the task thread, until it ends
    final AtomicInteger gaps = new AtomicInteger();
    final AtomicInteger halfEmpty = new AtomicInteger();
    int rejects;
    int maxSize;

    Run(OverflowPolicy policy, long seed) {
      this.buffer = new FeedBuffer(CAPACITY, policy, Duration.ofNanos(seed % 3 * 100_000));
      this.seed = seed;
    }

    @SuppressWarnings("ThreadPriorityCheck") // yielding varies the order of the threads
    private static void pause(Random random) {
      int kind = random.nextInt(12);
      if (kind == 0) {
        Thread.yield();
      } else if (kind == 1) {
        LockSupport.parkNanos(random.nextInt(200_000));
      }
    }

    /** Puts frames of ticks and rejects; stops when the buffer is closed. */
    int socket(boolean untilClosed) throws InterruptedException {
      Random random = new Random(seed);
      int frames = 0;
      while (untilClosed || frames < FRAMES) {
        if (!buffer.awaitRoom(Duration.ofMillis(random.nextInt(3)))) {
          if (untilClosed && Thread.interrupted()) {
            return frames;
          }
          continue;
        }
        List<BufferEntry> frame = new ArrayList<>();
        for (int i = random.nextInt(MAX_FRAME_TICKS) + 1; i > 0; i--) {
          String symbol = SYMBOLS.get(random.nextInt(SYMBOLS.size()));
          long sequence = numbered.merge(symbol, 1L, Long::sum) - 1;
          frame.add(new BufferEntry.Tick(tick(symbol, sequence)));
        }
        if (random.nextInt(10) == 0) {
          frame.add(new BufferEntry.Reject(reject(rejects++)));
        }
        buffer.put(frame);
        frames++;
        pause(random);
      }
      return frames;
    }

    /** Puts open gaps, and asks to be called when the buffer is half empty. */
    int scheduler() {
      Random random = new Random(~seed);
      int listeners = 0;
      for (int i = 0; i < FRAMES / 10; i++) {
        buffer.put(List.of(new BufferEntry.Gap(gap(i), i)));
        gaps.incrementAndGet();
        if (listeners == halfEmpty.get()) { // the buffer keeps one listener
          listeners++;
          buffer.whenHalfEmpty(halfEmpty::incrementAndGet);
        }
        pause(random);
        pause(random);
      }
      return listeners;
    }

    /** Takes entries until the failure comes out, or the buffer is closed and has no more. */
    ConnectException task(boolean untilEmpty) throws InterruptedException {
      Random random = new Random(seed + 1);
      try {
        while (true) {
          FeedBuffer.Drained drained =
              buffer.drain(random.nextInt(40) + 1, Duration.ofMillis(random.nextInt(3)));
          taken.addAll(drained.entries());
          maxSize = Math.max(maxSize, buffer.size());
          if (untilEmpty && drained.entries().isEmpty()) {
            return null;
          }
          pause(random);
        }
      } catch (ConnectException failure) {
        return failure;
      }
    }

    <T> List<T> taken(Class<T> type) {
      return taken.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Long> sequences(String symbol) {
      return taken(BufferEntry.Tick.class).stream()
          .map(BufferEntry.Tick::tick)
          .filter(tick -> tick.symbol().equals(symbol))
          .map(MarketTick::sequence)
          .toList();
    }

    List<FeedGap> overflows(String symbol) {
      return taken(BufferEntry.Gap.class).stream()
          .map(BufferEntry.Gap::gap)
          .filter(gap -> gap.cause() == GapCause.OVERFLOW && gap.symbol().equals(symbol))
          .toList();
    }
  }

  private static MarketTick tick(String symbol, long sequence) {
    return new MarketTick(
        "s", TickKind.TRADE, symbol, "1", "1", null, sequence, sequence, SESSION, sequence);
  }

  private static RejectedInput reject(int number) {
    return new RejectedInput("s", RejectReason.INVALID_JSON, "" + number, "{", number, SESSION);
  }

  private static FeedGap gap(int number) {
    return FeedGap.open("s", "*", GapCause.CONNECTION_LOST, number, SESSION, 0, "" + number);
  }

  private <T> Future<T> run(Callable<T> work) {
    return threads.submit(work);
  }

  private static <T> T end(Future<T> thread) throws Exception {
    return thread.get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void nothingIsLostRepeatedOrReordered(OverflowPolicy policy, long seed) throws Exception {
    Run run = new Run(policy, seed);
    Future<ConnectException> task = run(() -> run.task(false));
    Future<Integer> socket = run(() -> run.socket(false));
    Future<Integer> scheduler = run(run::scheduler);
    end(socket);
    int listeners = end(scheduler);
    ConnectException failure = new ConnectException("the end");
    run.buffer.fail(failure);

    assertThat(end(task)).as("the failure that was passed to fail()").isSameAs(failure);
    assertThat(run.halfEmpty).as("listeners that were called").hasValue(listeners);
    assertThat(run.maxSize).isLessThanOrEqualTo(CAPACITY + MAX_FRAME_TICKS + 1);
    assertThat(run.taken(BufferEntry.Reject.class))
        .extracting(entry -> entry.rejected().detail())
        .containsExactlyElementsOf(numbersBelow(run.rejects));
    assertThat(run.taken(BufferEntry.Gap.class))
        .extracting(BufferEntry.Gap::gap)
        .filteredOn(FeedGap::isOpen)
        .extracting(FeedGap::detail)
        .containsExactlyElementsOf(numbersBelow(run.gaps.get()));
    long dropped = 0;
    for (String symbol : SYMBOLS) {
      dropped += checkTicks(run, symbol);
    }
    assertThat(run.buffer.dropped()).isEqualTo(dropped);
    assertThat(policy == OverflowPolicy.BLOCK && dropped > 0)
        .as("drops with the policy block")
        .isFalse();
  }

  private static List<String> numbersBelow(int count) {
    return LongStream.range(0, count).mapToObj(Long::toString).toList();
  }

  /** Checks order and completeness of a symbol; returns how many of its ticks were dropped. */
  private static long checkTicks(Run run, String symbol) {
    List<Long> sequences = run.sequences(symbol);
    assertThat(sequences).as(symbol).isSorted().doesNotHaveDuplicates();
    List<FeedGap> overflows = run.overflows(symbol);
    long dropped = overflows.stream().mapToLong(FeedGap::dropped).sum();
    assertThat(sequences.size() + dropped)
        .as("taken and dropped ticks of %s", symbol)
        .isEqualTo(run.numbered.getOrDefault(symbol, 0L));
    assertThat(overflows)
        .as("no gap starts at a tick that was taken")
        .noneMatch(gap -> sequences.contains(gap.firstMissing()));
    return dropped;
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("seeds")
  void closeWakesEveryoneAndAcceptsNothingMore(OverflowPolicy policy, long seed) throws Exception {
    Run run = new Run(policy, seed);
    Future<Integer> socket = run(() -> run.socket(true));
    Future<Integer> scheduler = run(run::scheduler);
    Future<ConnectException> task =
        run(
            () -> {
              Random random = new Random(seed);
              for (int i = 0; i < 20; i++) {
                run.taken.addAll(
                    run.buffer.drain(random.nextInt(20) + 1, Duration.ofMillis(1)).entries());
              }
              run.buffer.close();
              return run.task(true);
            });

    assertThat(end(task)).isNull();
    end(scheduler);
    socket.cancel(true);
    int before = run.buffer.size();
    run.buffer.put(List.of(new BufferEntry.Tick(tick("A", Long.MAX_VALUE))));
    assertThat(run.buffer.size()).as("after close").isEqualTo(before);
    assertThat(run.buffer.awaitRoom(Duration.ZERO)).isFalse();
    for (String symbol : SYMBOLS) {
      assertThat(run.sequences(symbol)).as(symbol).isSorted().doesNotHaveDuplicates();
    }
  }
}
