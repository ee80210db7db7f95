package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Compares the numbers of the socket with the ticks that the task takes. Each hole is a dropped
 * tick.
 */
class MissedTicksTest {

  private record Numbers(String symbol, long session) {}

  private final long seed = Long.getLong("marketstream.seed", 20261123L);
  private final Random random = new Random(seed);
  private final TickNumbering numbering = new TickNumbering(0);
  private final FrameRecorder recorder =
      new FrameRecorder(
          "feed", numbering, new FeedMetrics(System::nanoTime), UnaryOperator.identity());
  private final Map<Numbers, List<MarketTick>> numbered = new HashMap<>();
  private final Map<Numbers, Set<Long>> delivered = new HashMap<>();
  private final List<FeedGap> overflows = new ArrayList<>();
  private long clock = 1_000_000;

  private void play(FeedBuffer buffer) throws InterruptedException {
    System.out.println("MissedTicksTest seed " + seed);
    numbering.openSession(clock);
    for (int step = 0; step < 20_000; step++) {
      clock += random.nextInt(-5, 10);
      int what = random.nextInt(200);
      if (what == 0) {
        numbering.openSession(clock);
      } else if (what < 130) {
        put(buffer);
      } else {
        take(buffer.drain(1 + random.nextInt(20), Duration.ZERO));
      }
    }
    while (buffer.size() > 0) {
      take(buffer.drain(20, Duration.ZERO));
    }
  }

  private void put(FeedBuffer buffer) throws InterruptedException {
    if (!buffer.awaitRoom(Duration.ZERO)) {
      return; // the session does not read the socket
    }
    List<FeedEvent> events = new ArrayList<>();
    for (int i = random.nextInt(10); i > 0; i--) {
      events.add(
          random.nextInt(8) == 0
              ? new FeedEvent.Rejected(RejectReason.MISSING_FIELD, "x", "{}")
              : new FeedEvent.Tick(TickKind.TRADE, "S" + random.nextInt(3), "1", "1", null, clock));
    }
    List<BufferEntry> entries = recorder.record(events, clock);
    for (BufferEntry entry : entries) {
      if (entry instanceof BufferEntry.Tick e) {
        numbered.computeIfAbsent(of(e.tick()), n -> new ArrayList<>()).add(e.tick());
      }
    }
    buffer.put(entries);
    numbering.commit(clock, clock);
  }

  private void take(FeedBuffer.Drained drained) {
    for (BufferEntry entry : drained.entries()) {
      if (entry instanceof BufferEntry.Tick e) {
        assertThat(
                delivered
                    .computeIfAbsent(of(e.tick()), n -> new HashSet<>())
                    .add(e.tick().sequence()))
            .as("once, seed %d", seed)
            .isTrue();
      } else if (entry instanceof BufferEntry.Gap e) {
        overflows.add(e.gap());
      }
    }
  }

  private static Numbers of(MarketTick tick) {
    return new Numbers(tick.symbol(), tick.session());
  }

  @Test
  void everyHoleIsADroppedTickWithARecord() throws InterruptedException {
    FeedBuffer buffer = new FeedBuffer(40, OverflowPolicy.DROP_OLDEST, Duration.ZERO);
    play(buffer);

    int holes = 0;
    for (Map.Entry<Numbers, List<MarketTick>> entry : numbered.entrySet()) {
      Numbers numbers = entry.getKey();
      List<FeedGap> told =
          overflows.stream()
              .filter(gap -> gap.symbol().equals(numbers.symbol()))
              .filter(gap -> gap.sessionBefore() == numbers.session())
              .toList();
      List<MarketTick> missing =
          entry.getValue().stream()
              .filter(tick -> !delivered.getOrDefault(numbers, Set.of()).contains(tick.sequence()))
              .toList();
      assertThat(told.stream().mapToLong(FeedGap::dropped).sum())
          .as("%s, seed %d", numbers, seed)
          .isEqualTo(missing.size());
      assertThat(missing)
          .as("%s, seed %d", numbers, seed)
          .allSatisfy(
              tick ->
                  assertThat(told)
                      .anyMatch(
                          gap ->
                              gap.firstMissing() <= tick.sequence()
                                  && gap.gapStart() <= tick.receivedAt()
                                  && gap.gapEnd() >= tick.receivedAt()));
      assertThat(missing)
          .extracting(MarketTick::sequence)
          .as("%s, seed %d", numbers, seed)
          .containsAll(told.stream().map(FeedGap::firstMissing).toList());
      holes += missing.size();
    }
    assertThat(holes).isPositive();
    assertThat(buffer.dropped()).isEqualTo(holes);
  }

  @Test
  void withoutDropsThereAreNoHoles() throws InterruptedException {
    play(new FeedBuffer(40, OverflowPolicy.BLOCK, Duration.ZERO));

    assertThat(overflows).isEmpty();
    numbered.forEach(
        (numbers, ticks) -> {
          assertThat(ticks.get(ticks.size() - 1).sequence()).isEqualTo(ticks.size() - 1);
          assertThat(delivered.get(numbers)).as("%s, seed %d", numbers, seed).hasSameSizeAs(ticks);
        });
  }
}
