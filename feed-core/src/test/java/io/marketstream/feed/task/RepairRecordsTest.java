package io.marketstream.feed.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.InFlightBatches;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.feed.record.RepairProgress;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.record.TopicNames;
import io.marketstream.feed.repair.GapRepairs;
import io.marketstream.feed.repair.HistoricTrade;
import io.marketstream.feed.repair.HistoryRow;
import io.marketstream.feed.repair.RepairSettings;
import io.marketstream.feed.repair.TradeHistory;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Source offsets of live records and of repairs together. */
@Timeout(60)
class RepairRecordsTest {

  private static final class FullHistory implements TradeHistory {
    @Override
    public int maxIds() {
      return 10;
    }

    @Override
    public List<HistoryRow> trades(String symbol, long first, long last) {
      return LongStream.rangeClosed(first, last)
          .<HistoryRow>mapToObj(id -> new HistoricTrade(id, "1", "2", 1_000 + id, TradeSide.BUY))
          .toList();
    }

    @Override
    public long newestId(String symbol) {
      return Long.MAX_VALUE;
    }

    @Override
    public void close() {}
  }

  private final GapRepairs repairs =
      new GapRepairs(
          "test",
          "feed",
          new RepairSettings(FullHistory::new, 1_000, Duration.ZERO, RepairSettings.ABSENT_AFTER),
          Map.of(),
          List.of(),
          new FeedMetrics(System::nanoTime),
          Clock.systemUTC());
  private final SourceRecords records =
      new SourceRecords(
          new TopicNames("feed", "ticks", "gaps", "rejected", "heartbeats"),
          "A",
          Map.of(),
          false,
          new SourceOffsets(false, Map.of()),
          new InFlightBatches(),
          repairs);

  @AfterEach
  void close() {
    repairs.close();
  }

  private static BufferEntry gap(long start, String first, String last) {
    return new BufferEntry.Gap(
        FeedGap.open("feed", "A", GapCause.VENUE_DROPPED, start, 100, 7, "left out")
            .closed(start + 50, 100)
            .missing(first, last),
        start + 50);
  }

  private static BufferEntry tick(long id, long eventTime) {
    return new BufferEntry.Tick(
        new MarketTick(
            "feed",
            TickKind.TRADE,
            "A",
            "1",
            "2",
            null,
            eventTime,
            eventTime + 1,
            100,
            id,
            Long.toString(id),
            TradeSide.BUY,
            TickOrigin.LIVE));
  }

  private List<SourceRecord> poll(int maxRepaired, BufferEntry... entries) {
    return records.of(
        new FeedBuffer.Drained(List.of(entries), Long.MAX_VALUE, List.of()), null, maxRepaired);
  }

  private static List<String> pending(SourceRecord record) {
    SourceCursor cursor = cursor(record);
    return cursor.repairs() == null
        ? List.of()
        : RepairProgress.decode("feed", "A", cursor.repairs()).stream()
            .map(repair -> repair.base() + "-" + repair.last() + " from " + repair.next())
            .toList();
  }

  private static SourceCursor cursor(SourceRecord record) {
    Map<String, Object> offset = new HashMap<>();
    record.sourceOffset().forEach((key, value) -> offset.put(key, value));
    return SourceCursor.fromStored(offset);
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  /** Waits until a page of a repair is ready, and takes its first record. */
  private List<SourceRecord> firstOfAPage() {
    List<SourceRecord> first = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              first.addAll(poll(1));
              return !first.isEmpty();
            });
    return first;
  }

  @Test
  void gapOfThePollThatAlsoReturnsARepairIsNotForgotten() {
    poll(0, tick(10, 2_000), gap(2_001, "11", "15"));
    firstOfAPage();
    List<SourceRecord> both = poll(100, gap(3_000, "21", "25"));
    assertThat(both).hasSizeGreaterThan(4);
    assertThat(both).allSatisfy(record -> assertThat(pending(record).toString()).contains("21-25"));
  }

  @Test
  void repairMovesNothingButItsProgress() {
    SourceCursor live = cursor(last(poll(0, gap(2_001, "11", "13"), tick(20, 2_100))));
    SourceCursor first = cursor(firstOfAPage().get(0));
    assertThat(first).isEqualTo(live);
    List<SourceRecord> rest = poll(100);
    assertThat(cursor(rest.get(0))).as("the second trade does not end the page").isEqualTo(live);
    assertThat(cursor(last(rest)).withRepairs(null)).isEqualTo(live.withRepairs(null));
    assertThat(pending(rest.get(1))).containsExactly("11-13 from 14");
    assertThat(last(rest).topic()).isEqualTo("gaps");
  }

  @Test
  void rejectKeepsTheProgressOfTheRepairs() {
    poll(0, tick(10, 2_000), gap(2_001, "11", "13"));
    firstOfAPage();
    SourceRecord repaired = last(poll(100));
    SourceRecord reject =
        last(
            poll(
                0,
                new BufferEntry.Reject(
                    new RejectedInput(
                        "feed", RejectReason.INVALID_JSON, "eof", "{", 5_000, 5_000L))));
    assertThat(reject.sourceOffset()).isEqualTo(repaired.sourceOffset());
  }

  @Test
  void numbersThatStartOverEndTheRepairs() {
    poll(0, tick(10, 2_000), gap(2_001, "11", "15"), tick(16, 2_100));
    List<SourceRecord> after = poll(0, tick(1, 2_200));
    assertThat(pending(last(after))).isEmpty();
    assertThat(poll(10)).isEmpty();
    assertThat(repairs.isBusy()).isFalse();
  }

  @Test
  void lateTradeOfAHoleDoesNotEndTheRepairs() {
    poll(0, tick(10, 2_000), gap(2_001, "11", "15"), tick(16, 2_100));
    assertThat(pending(last(poll(0, tick(12, 2_050))))).containsExactly("11-15 from 11");
  }

  /** Heartbeats named the ids of the tail before any newer trade came, so its trades look newer. */
  @Test
  void lateTradeOfALostTailDoesNotEndTheRepairs() {
    poll(0, tick(10, 2_000), gap(2_001, "11", "15"));
    assertThat(pending(last(poll(0, tick(12, 2_050))))).containsExactly("11-15 from 11");
    assertThat(cursor(last(poll(0, tick(16, 2_100)))).tradeId()).isEqualTo(16);
  }
}
