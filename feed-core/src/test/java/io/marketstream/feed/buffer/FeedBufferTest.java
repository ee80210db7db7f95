package io.marketstream.feed.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FeedBufferTest {

  private static final Duration NOW = Duration.ZERO;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final long SESSION = 1_000;

  private static BufferEntry.Tick tick(String symbol, long sequence) {
    return new BufferEntry.Tick(
        new MarketTick(
            "feed",
            TickKind.TRADE,
            symbol,
            "1",
            "1",
            null,
            0,
            5_000 + sequence,
            SESSION,
            sequence));
  }

  private static List<BufferEntry> ticks(String symbol, long from, int count) {
    List<BufferEntry> ticks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ticks.add(tick(symbol, from + i));
    }
    return ticks;
  }

  private static BufferEntry.Gap gap(String symbol) {
    return new BufferEntry.Gap(
        FeedGap.open("feed", symbol, GapCause.CONNECTION_LOST, 1, SESSION, 0, "x"), 1_000);
  }

  private static BufferEntry.Reject reject(String input) {
    return new BufferEntry.Reject(
        new RejectedInput("feed", RejectReason.INVALID_JSON, "x", input, 5_000, SESSION));
  }

  private static FeedBuffer blocking(int capacity) {
    return new FeedBuffer(capacity, OverflowPolicy.BLOCK, Duration.ZERO);
  }

  private static FeedBuffer dropping(int capacity) {
    return new FeedBuffer(capacity, OverflowPolicy.DROP_OLDEST, Duration.ZERO);
  }

  private static <T> CompletableFuture<T> onAThread(java.util.concurrent.Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(work.call());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  @Test
  void entriesComeOutInTheOrderInWhichTheyWentIn() throws InterruptedException {
    FeedBuffer buffer = blocking(100);
    List<BufferEntry> frame =
        List.of(tick("A", 0), gap("A"), tick("B", 0), reject("?"), tick("A", 1));
    buffer.put(frame);
    assertThat(buffer.drain(3, NOW).entries()).isEqualTo(frame.subList(0, 3));
    assertThat(buffer.drain(3, NOW).entries()).isEqualTo(frame.subList(3, 5));
    assertThat(buffer.drain(3, NOW).entries()).isEmpty();
  }

  @Nested
  class Gathering {
    private final FeedBuffer gathering =
        new FeedBuffer(100, OverflowPolicy.BLOCK, Duration.ofHours(1));

    private CompletableFuture<FeedBuffer.Drained> secondDrain() throws InterruptedException {
      gathering.put(ticks("A", 0, 1));
      assertThat(gathering.drain(100, LONG).entries())
          .hasSize(1); // the first drain does not wait for more
      gathering.put(ticks("A", 1, 1));
      CompletableFuture<FeedBuffer.Drained> drained = onAThread(() -> gathering.drain(100, LONG));
      Thread.sleep(50);
      gathering.put(ticks("A", 2, 1));
      Thread.sleep(50);
      assertThat(drained).isNotDone();
      return drained;
    }

    @Test
    void secondDrainWaitsUntilMoreThanHalfFull() throws Exception {
      CompletableFuture<FeedBuffer.Drained> drained = secondDrain();
      gathering.put(ticks("A", 3, 49));
      assertThat(drained.get(5, TimeUnit.SECONDS).entries()).hasSize(51);
    }

    @Test
    void closingEndsTheWait() throws Exception {
      CompletableFuture<FeedBuffer.Drained> drained = secondDrain();
      gathering.close();
      assertThat(drained.get(5, TimeUnit.SECONDS).entries()).hasSize(2);
    }

    @Test
    void aFailureEndsTheWait() throws Exception {
      CompletableFuture<FeedBuffer.Drained> drained = secondDrain();
      gathering.fail(new ConnectException("x"));
      assertThat(drained.get(5, TimeUnit.SECONDS).entries()).hasSize(2);
    }

    @Test
    void itWaitsNoLongerThanTheCallerAllows() throws InterruptedException {
      gathering.put(ticks("A", 0, 1));
      gathering.drain(100, NOW);
      gathering.put(ticks("A", 1, 1));
      assertThat(gathering.drain(100, Duration.ofMillis(20)).entries()).hasSize(1);
      gathering.put(ticks("A", 2, 1));
      assertThat(gathering.drain(100, NOW).entries()).hasSize(1);
    }
  }

  @Test
  void fullBufferWaitsAndTakesOneFrameMore() throws InterruptedException {
    FeedBuffer buffer = blocking(2);
    assertThat(buffer.awaitRoom(NOW)).isTrue();
    buffer.put(ticks("A", 0, 5));
    long start = System.nanoTime();
    assertThat(buffer.awaitRoom(Duration.ofMillis(60))).isFalse();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000L);
    assertThat(buffer.size()).isEqualTo(5);
    assertThat(buffer.dropped()).isZero();
  }

  @Test
  void aDrainWakesTheSocketThatWaits() throws Exception {
    FeedBuffer buffer = blocking(2);
    buffer.put(ticks("A", 0, 2));
    CompletableFuture<Boolean> room = onAThread(() -> buffer.awaitRoom(LONG));
    assertThat(buffer.drain(1, NOW).entries()).hasSize(1);
    assertThat(room.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFrameWakesTheTaskThatWaits() throws Exception {
    FeedBuffer buffer = blocking(2);
    CompletableFuture<FeedBuffer.Drained> drained = onAThread(() -> buffer.drain(10, LONG));
    buffer.put(ticks("A", 0, 1));
    assertThat(drained.get(10, TimeUnit.SECONDS).entries()).hasSize(1);
  }

  @Test
  void anEmptyBufferKeepsTheTaskWaitingNoLongerThanAsked() throws InterruptedException {
    long start = System.nanoTime();
    assertThat(blocking(2).drain(10, Duration.ofMillis(50)).entries()).isEmpty();
    assertThat(System.nanoTime() - start).isBetween(50_000_000L, 5_000_000_000L);
  }

  @Test
  void aFullBufferAcceptsGaps() throws InterruptedException {
    FeedBuffer buffer = blocking(1);
    buffer.put(ticks("A", 0, 1));
    for (int i = 0; i < 1_000; i++) {
      buffer.put(List.of(gap("A")));
    }
    assertThat(buffer.size()).isEqualTo(1);
    assertThat(buffer.drain(2_000, NOW).entries()).hasSize(1_001);
  }

  @Test
  void aRejectCountsByTheLengthOfItsInput() {
    FeedBuffer buffer = blocking(1_000);
    buffer.put(List.of(reject("x".repeat(64 * 1024))));
    assertThat(buffer.size()).isEqualTo(1 + 64 * 1024 / 256);
  }

  @Test
  void droppingCountsExactlyWhatIsMissingPerSymbol() throws InterruptedException {
    FeedBuffer buffer = dropping(4);
    buffer.put(List.of(tick("A", 0), tick("B", 0), tick("A", 1)));
    buffer.put(List.of(tick("A", 2), tick("B", 1), tick("A", 3), tick("A", 4)));
    // Three over the capacity: A0, B0 and A1 were dropped.
    assertThat(buffer.size()).isEqualTo(4);
    assertThat(buffer.dropped()).isEqualTo(3);

    List<BufferEntry> out = buffer.drain(100, NOW).entries();

    assertThat(out.subList(0, 4))
        .containsExactly(tick("A", 2), tick("B", 1), tick("A", 3), tick("A", 4));
    assertThat(out.subList(4, out.size()))
        .extracting(entry -> ((BufferEntry.Gap) entry).gap())
        .extracting(
            FeedGap::symbol,
            FeedGap::cause,
            FeedGap::gapStart,
            FeedGap::gapEnd,
            FeedGap::sessionBefore,
            FeedGap::sessionAfter,
            FeedGap::firstMissing,
            FeedGap::dropped)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "A", GapCause.OVERFLOW, 5_000L, 5_001L, SESSION, SESSION, 0L, 2L),
            org.assertj.core.groups.Tuple.tuple(
                "B", GapCause.OVERFLOW, 5_000L, 5_000L, SESSION, SESSION, 0L, 1L));
  }

  @Test
  void overflowEpisodeIsOneRecord() throws InterruptedException {
    FeedBuffer buffer = dropping(4);
    buffer.put(ticks("A", 0, 6)); // drops 0, 1
    FeedBuffer.Drained first = buffer.drain(1, NOW); // takes 2; 3 of 4 remain
    assertThat(first.entries()).containsExactly(tick("A", 2));
    assertThat(first.oldestUnrecordedDrop()).isEqualTo(5_000);
    buffer.put(ticks("A", 6, 3)); // drops 3, 4
    FeedBuffer.Drained second = buffer.drain(2, NOW); // takes 5, 6; 2 of 4 remain

    assertThat(second.oldestUnrecordedDrop()).isEqualTo(Long.MAX_VALUE);
    assertThat(second.entries()).hasSize(3).startsWith(tick("A", 5), tick("A", 6));
    FeedGap gap = ((BufferEntry.Gap) second.entries().get(2)).gap();
    assertThat(gap.dropped()).isEqualTo(4);
    assertThat(gap.firstMissing()).isZero();
    assertThat(gap.gapStart()).isEqualTo(5_000);
    assertThat(gap.gapEnd()).isEqualTo(5_004);
  }

  private static BufferEntry.Tick trade(long id, long time) {
    return new BufferEntry.Tick(
        new MarketTick(
            "feed",
            TickKind.TRADE,
            "A",
            "1",
            "1",
            null,
            time,
            5_000,
            SESSION,
            id,
            Long.toString(id),
            TradeSide.BUY,
            TickOrigin.LIVE));
  }

  private static FeedGap gapOfDrops(FeedBuffer buffer) throws InterruptedException {
    List<BufferEntry> out = buffer.drain(100, NOW).entries();
    return ((BufferEntry.Gap) out.get(out.size() - 1)).gap();
  }

  /** Trade 43 is missing in the feed, 45 was delivered, and 42 came late. */
  @Test
  void anOverflowNamesItsLowestAndItsHighestTrade() throws InterruptedException {
    FeedBuffer buffer = dropping(4);
    buffer.put(List.of(trade(44, 144), trade(42, 142)));
    buffer.put(List.of(trade(45, 145), trade(46, 146), trade(47, 147), trade(48, 148)));
    assertThat(buffer.drain(1, NOW).entries()).containsExactly(trade(45, 145));
    buffer.put(List.of(trade(49, 149), trade(50, 150)));

    FeedGap gap = gapOfDrops(buffer);
    assertThat(gap.dropped()).isEqualTo(3);
    assertThat(gap.firstMissingId()).isEqualTo("42");
    assertThat(gap.lastMissingId()).isEqualTo("46");
  }

  /** The ids before and after would not be those of the trades in between. */
  @Test
  void anOverflowInWhichTheIdsStartOverNamesNoTrades() throws InterruptedException {
    FeedBuffer buffer = dropping(2);
    buffer.put(List.of(trade(44, 144), trade(1, 145), trade(2, 146), trade(3, 147)));

    FeedGap gap = gapOfDrops(buffer);
    assertThat(gap.dropped()).isEqualTo(2);
    assertThat(gap.firstMissingId()).isNull();
    assertThat(gap.lastMissingId()).isNull();
  }

  @Test
  void dropsAreReportedWithTheFollowingEntries() throws InterruptedException {
    FeedBuffer buffer = dropping(4);
    buffer.put(ticks("A", 7, 6)); // drops 7, 8
    assertThat(buffer.drain(1, NOW).drops()).containsExactly(new FeedBuffer.Drop("A", SESSION, 7));
    FeedBuffer.Drained rest = buffer.drain(3, NOW);
    assertThat(rest.entries()).hasSize(4);
    assertThat(rest.drops()).as("reported once").isEmpty();
    buffer.put(ticks("A", 13, 6)); // drops 13, 14
    assertThat(buffer.drain(1, NOW).drops())
        .as("a new episode")
        .containsExactly(new FeedBuffer.Drop("A", SESSION, 13));
  }

  @Test
  void dropsAreReportedInOneDrainOnly() throws InterruptedException {
    int symbols = 5_000;
    FeedBuffer buffer = dropping(symbols);
    for (int i = 0; i < symbols; i++) {
      buffer.put(ticks("S" + i, 0, 2));
    }
    assertThat(buffer.dropped()).isEqualTo(symbols);
    int told = 0;
    for (int i = 0; i < symbols / 2 - 1; i++) {
      FeedBuffer.Drained drained = buffer.drain(1, NOW);
      assertThat(drained.entries()).hasSize(1);
      told += drained.drops().size();
    }
    assertThat(told).isEqualTo(symbols / 2);
  }

  /** An algorithm with quadratic cost would move about five billion entries. */
  @Test
  void theCostOfADropDoesNotDependOnTheEntriesBefore() throws InterruptedException {
    int others = 100_000;
    FeedBuffer buffer = dropping(others + 2);
    for (int i = 0; i < others; i++) {
      buffer.put(List.of(i % 2 == 0 ? reject("") : gap("A")));
    }
    buffer.put(ticks("A", 0, others / 2 + 2)); // a reject uses capacity 1, a gap uses none
    for (int i = 0; i < others; i++) {
      buffer.put(List.of(tick("A", others / 2 + 2 + i)));
    }
    assertThat(buffer.dropped()).isEqualTo(others);
    List<BufferEntry> out = buffer.drain(3 * others, NOW).entries();
    assertThat(out).filteredOn(entry -> entry instanceof BufferEntry.Reject).hasSize(others / 2);
    assertThat(out).filteredOn(entry -> entry instanceof BufferEntry.Tick).hasSize(others / 2 + 2);
  }

  @Test
  void entriesKeepTheirOrderAfterDrops() throws InterruptedException {
    long seed = Long.getLong("marketstream.seed", 20261128L);
    System.out.println("FeedBufferTest.entriesKeepTheirOrderAfterDrops seed " + seed);
    Random random = new Random(seed);
    FeedBuffer buffer = dropping(1 + random.nextInt(20));
    List<BufferEntry> model = new ArrayList<>();
    long next = 0;
    for (int round = 0; round < 2_000; round++) {
      if (random.nextInt(3) > 0) {
        BufferEntry entry = random.nextInt(4) == 0 ? reject("r" + round) : tick("A", next++);
        buffer.put(List.of(entry));
        model.add(entry);
        while (model.stream().mapToInt(BufferEntry::weight).sum() > buffer.capacity()
            && model.stream().anyMatch(e -> e instanceof BufferEntry.Tick)) {
          model.remove(
              model.stream().filter(e -> e instanceof BufferEntry.Tick).findFirst().orElseThrow());
        }
      } else {
        int max = 1 + random.nextInt(5);
        List<BufferEntry> taken = new ArrayList<>(buffer.drain(max, NOW).entries());
        taken.removeIf(entry -> entry instanceof BufferEntry.Gap);
        List<BufferEntry> expected = model.subList(0, Math.min(max, model.size()));
        assertThat(taken).as("round %d, seed %d", round, seed).isEqualTo(expected);
        expected.clear();
      }
    }
    assertThat(buffer.dropped()).isPositive();
  }

  @Test
  void dropsAreRecordedBeforeALaterOpenGap() throws InterruptedException {
    FeedBuffer buffer = dropping(4);
    buffer.put(ticks("A", 0, 4));
    buffer.put(List.of(gap("A")));
    buffer.put(ticks("A", 4, 2)); // drops 0, 1

    FeedBuffer.Drained drained = buffer.drain(3, NOW);

    assertThat(drained.drops()).containsExactly(new FeedBuffer.Drop("A", SESSION, 0));
    List<BufferEntry> first = drained.entries();
    assertThat(first).hasSize(4).startsWith(tick("A", 2), tick("A", 3)).endsWith(gap("A"));
    assertThat(((BufferEntry.Gap) first.get(2)).gap().cause()).isEqualTo(GapCause.OVERFLOW);
  }

  @Test
  void onlyTicksAreDropped() throws InterruptedException {
    FeedBuffer buffer = dropping(3);
    buffer.put(List.of(reject("1"), gap("A"), reject("2"), tick("A", 0)));
    buffer.put(List.of(tick("A", 1), reject("3")));
    assertThat(buffer.drain(100, NOW).entries())
        .filteredOn(entry -> !(entry instanceof BufferEntry.Gap g && !g.gap().isOpen()))
        .containsExactly(reject("1"), gap("A"), reject("2"), reject("3"));
  }

  @Test
  void dropOldestWaitsIfOnlyRejectsAreLeft() throws InterruptedException {
    FeedBuffer buffer = dropping(2);
    buffer.put(List.of(reject("1"), reject("2")));
    assertThat(buffer.awaitRoom(Duration.ofMillis(20))).isFalse();
    buffer.drain(1, NOW);
    assertThat(buffer.awaitRoom(NOW)).isTrue();
  }

  @Test
  void entriesAndDropsAddUp() throws InterruptedException {
    long seed = Long.getLong("marketstream.seed", 20261123L);
    System.out.println("FeedBufferTest.entriesAndDropsAddUp seed " + seed);
    Random random = new Random(seed);
    FeedBuffer buffer = dropping(1 + random.nextInt(40));
    Map<String, Long> next = new HashMap<>();
    Map<String, Long> delivered = new HashMap<>();
    Map<String, Long> dropped = new HashMap<>();
    Map<String, Long> last = new HashMap<>();
    for (int round = 0; round < 5_000; round++) {
      if (random.nextInt(3) > 0) {
        List<BufferEntry> frame = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
          String symbol = "S" + random.nextInt(4);
          frame.add(tick(symbol, next.merge(symbol, 1L, Long::sum) - 1));
        }
        buffer.put(frame);
      } else {
        count(buffer.drain(1 + random.nextInt(30), NOW), delivered, dropped, last, seed);
      }
    }
    while (buffer.size() > 0) {
      count(buffer.drain(30, NOW), delivered, dropped, last, seed);
    }
    next.forEach(
        (symbol, sent) ->
            assertThat(delivered.getOrDefault(symbol, 0L) + dropped.getOrDefault(symbol, 0L))
                .as("%s, seed %d", symbol, seed)
                .isEqualTo(sent));
    assertThat(dropped.values().stream().mapToLong(Long::longValue).sum())
        .isPositive()
        .isEqualTo(buffer.dropped());
  }

  private static void count(
      FeedBuffer.Drained drained,
      Map<String, Long> delivered,
      Map<String, Long> dropped,
      Map<String, Long> last,
      long seed) {
    for (BufferEntry entry : drained.entries()) {
      if (entry instanceof BufferEntry.Tick e) {
        Long before = last.put(e.tick().symbol(), e.tick().sequence());
        assertThat(e.tick().sequence())
            .as("order, seed %d", seed)
            .isGreaterThan(before == null ? -1 : before);
        delivered.merge(e.tick().symbol(), 1L, Long::sum);
      } else if (entry instanceof BufferEntry.Gap e) {
        dropped.merge(e.gap().symbol(), e.gap().dropped(), Long::sum);
      }
    }
  }

  @Test
  void aFailureComesOutLastAndThenAlways() throws InterruptedException {
    FeedBuffer buffer = blocking(10);
    buffer.put(List.of(tick("A", 0), gap("A")));
    ConnectException failure = new ConnectException("first");
    buffer.fail(failure);
    buffer.fail(new ConnectException("second"));
    buffer.put(List.of(gap("B")));

    assertThat(buffer.drain(2, LONG).entries()).containsExactly(tick("A", 0), gap("A"));
    assertThat(buffer.drain(2, LONG).entries()).containsExactly(gap("B"));
    assertThatThrownBy(() -> buffer.drain(2, LONG)).isSameAs(failure);
    assertThatThrownBy(() -> buffer.drain(2, LONG)).isSameAs(failure);
  }

  @Test
  void aFailureWakesTheTaskThatWaits() {
    FeedBuffer buffer = blocking(10);
    CompletableFuture<FeedBuffer.Drained> drained = onAThread(() -> buffer.drain(10, LONG));
    buffer.fail(new ConnectException("over"));
    assertThatThrownBy(() -> drained.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("over");
  }

  @Test
  void theListenerRunsOnceWhenTheBufferIsHalfEmpty() throws InterruptedException {
    FeedBuffer buffer = blocking(4);
    AtomicInteger calls = new AtomicInteger();
    buffer.put(ticks("A", 0, 4));
    buffer.whenHalfEmpty(calls::incrementAndGet);
    buffer.drain(1, NOW);
    assertThat(calls).hasValue(0);
    buffer.drain(1, NOW);
    assertThat(calls).hasValue(1);
    buffer.drain(2, NOW);
    assertThat(calls).hasValue(1);
  }

  @Test
  void listenerRunsAtOnceIfAlreadyHalfEmpty() {
    AtomicInteger calls = new AtomicInteger();
    blocking(4).whenHalfEmpty(calls::incrementAndGet);
    assertThat(calls).hasValue(1);
  }

  @Test
  void closingWakesBothSidesAndTakesNothingMore() throws Exception {
    FeedBuffer full = blocking(1);
    full.put(ticks("A", 0, 1));
    CompletableFuture<Boolean> room = onAThread(() -> full.awaitRoom(LONG));
    FeedBuffer empty = blocking(1);
    CompletableFuture<FeedBuffer.Drained> drained = onAThread(() -> empty.drain(1, LONG));

    full.close();
    empty.close();

    assertThat(room.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(drained.get(10, TimeUnit.SECONDS).entries()).isEmpty();
    full.put(ticks("A", 1, 1));
    assertThat(full.size()).isEqualTo(1);
  }

  @Test
  void oneSocketAndOneTaskLoseAndReorderNothing() throws Exception {
    FeedBuffer buffer = blocking(64);
    int total = 200_000;
    CompletableFuture<Integer> socket =
        onAThread(
            () -> {
              int sent = 0;
              while (sent < total) {
                if (!buffer.awaitRoom(LONG)) {
                  throw new IllegalStateException("no room");
                }
                int count = Math.min(total - sent, 1 + sent % 10);
                buffer.put(ticks("A", sent, count));
                sent += count;
              }
              return sent;
            });
    long expected = 0;
    while (expected < total) {
      for (BufferEntry entry : buffer.drain(50, LONG).entries()) {
        assertThat(((BufferEntry.Tick) entry).tick().sequence()).isEqualTo(expected++);
      }
    }
    assertThat(socket.get(10, TimeUnit.SECONDS)).isEqualTo(total);
    await().untilAsserted(() -> assertThat(buffer.size()).isZero());
  }
}
