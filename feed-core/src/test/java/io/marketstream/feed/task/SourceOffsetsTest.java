package io.marketstream.feed.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SourceOffsetsTest {

  private static MarketTick tick(String symbol, long session, long sequence, long receivedAt) {
    return new MarketTick(
        "feed", TickKind.TRADE, symbol, "1", "1", null, receivedAt, receivedAt, session, sequence);
  }

  private static FeedGap lost(String symbol, long start, long session, long firstMissing) {
    return FeedGap.open(
        "feed", symbol, GapCause.CONNECTION_LOST, start, session, firstMissing, "reset");
  }

  @Test
  void aTickMovesItsSymbolOn() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(tick("B", 1_000, 4, 1_400), 1);
    assertThat(book.after(tick("A", 1_000, 7, 1_500), 1_450))
        .isEqualTo(new SourceCursor(1_000, 7, 1_500, 1_450, null));
  }

  @Test
  void anOpenGapCarriesItsIdentityCauseAndDetail() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(tick("A", 1_000, 7, 1_500), 1_450);
    assertThat(book.after(lost("A", 1_500, 1_000, 9), 1_480))
        .isEqualTo(
            new SourceCursor(
                1_000,
                8,
                1_500,
                1_480,
                new SourceCursor.OpenGap(1_500, GapCause.CONNECTION_LOST, "reset")));
  }

  @Test
  void ticksDoNotChangeTheOpenGapsIdentity() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    FeedGap gap = lost("A", 1_500, 1_000, 9);
    book.after(gap, 1_480);
    SourceCursor cursor = book.after(tick("A", 2_000, 3, 2_100), 2_050);
    assertThat(cursor.session()).isEqualTo(1_000);
    assertThat(cursor.sequence()).isEqualTo(8);
    assertThat(cursor.openGap().gapStart()).isEqualTo(1_500);
    assertThat(cursor.receivedAt()).isEqualTo(2_100);
  }

  @Test
  void openGapsTimeIsAfterEverySession() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(lost("A", 1_500, 1_000, 9), 1_480);
    assertThat(book.after(tick("A", 1_001, 0, 600), 550).receivedAt())
        .as("a restart must not use 1,001 again")
        .isEqualTo(1_001);
  }

  @Test
  void closedGapKeepsTheLastSequence() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    FeedGap gap = lost("A", 1_500, 1_000, 9);
    book.after(gap, 1_480);
    book.after(tick("A", 2_000, 0, 2_100), 2_050);
    book.after(tick("A", 2_000, 1, 2_100), 2_050);
    assertThat(book.after(gap.closed(2_200, 2_000), 2_150))
        .isEqualTo(new SourceCursor(2_000, 1, 2_200, 2_150, null));
  }

  @Test
  void aClosedRecordWithoutTicksIsBeforeTheFirstTick() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(tick("A", 1_000, 8, 1_400), 1_300);
    FeedGap gap = lost("A", 1_500, 1_000, 9);
    book.after(gap, 1_480);
    assertThat(book.after(gap.closed(2_200, 2_000), 2_150))
        .isEqualTo(new SourceCursor(2_000, -1, 2_200, 2_150, null));
  }

  @Test
  void anOverflowRecordDoesNotMoveTheOffset() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(tick("A", 1_000, 12, 1_500), 1_450);
    FeedGap overflow =
        new FeedGap("feed", "A", GapCause.OVERFLOW, 1_100, 1_200L, 1_000, 1_000L, 3, 4L, "full");
    assertThat(book.after(overflow, 1_100))
        .isEqualTo(new SourceCursor(1_000, 12, 1_200, 1_100, null));
  }

  @Test
  void aGapThatIsOpenAtTheStartStaysWithItsSymbol() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.resume(lost("A", 500, 400, 3));
    SourceCursor cursor = book.after(tick("A", 2_000, 0, 2_100), 2_050);
    assertThat(cursor.session()).isEqualTo(400);
    assertThat(cursor.sequence()).isEqualTo(2);
    assertThat(cursor.openGap().gapStart()).isEqualTo(500);
  }

  @Test
  void allSymbolsShareACursorWithoutSequence() {
    SourceOffsets book = new SourceOffsets(true, Map.of());
    assertThat(book.ledgerSymbol("bitcoin")).isEqualTo("*");
    book.after(tick("bitcoin", 1_000, 7, 1_500), 1_450);
    assertThat(book.after(tick("monero", 1_000, 2, 1_600), 1_550))
        .isEqualTo(new SourceCursor(1_000, -1, 1_600, 1_550, null));
  }

  @Test
  void fullyDroppedSymbolIsBeforeItsFirstTick() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    FeedGap overflow =
        new FeedGap("feed", "A", GapCause.OVERFLOW, 1_100, 1_200L, 1_000, 1_000L, 0, 4L, "full");
    assertThat(book.after(overflow, 1_100))
        .isEqualTo(new SourceCursor(1_000, -1, 1_200, 1_100, null));
  }

  @Test
  void offsetIsBeforeUnrecordedDrops() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(tick("A", 1_000, 2, 1_050), 1_000);
    book.dropped(List.of(new FeedBuffer.Drop("A", 1_000, 3)));
    assertThat(book.after(tick("A", 1_000, 12, 1_500), 1_100))
        .as("a restart here must claim 3 to 11 too")
        .isEqualTo(new SourceCursor(1_000, 2, 1_500, 1_100, null));
    assertThat(book.after(tick("B", 1_000, 4, 1_500), 1_100))
        .isEqualTo(new SourceCursor(1_000, 4, 1_500, 1_100, null));
    FeedGap overflow =
        new FeedGap("feed", "A", GapCause.OVERFLOW, 1_100, 1_200L, 1_000, 1_000L, 3, 9L, "full");
    assertThat(book.after(overflow, 1_100))
        .isEqualTo(new SourceCursor(1_000, 12, 1_200, 1_100, null));
  }

  @Test
  void dropsOfAnEarlierSessionHoldTheirSymbolBackInIt() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.dropped(List.of(new FeedBuffer.Drop("A", 2_000, 0), new FeedBuffer.Drop("A", 1_000, 3)));
    assertThat(book.after(tick("A", 2_000, 5, 2_500), 1_100))
        .isEqualTo(new SourceCursor(1_000, 2, 2_500, 1_100, null));
  }

  @Test
  void allSymbolsWaitForTheLastDropsRecord() {
    SourceOffsets book = new SourceOffsets(true, Map.of());
    for (int i = 0; i < 5_000; i++) {
      book.dropped(List.of(new FeedBuffer.Drop("S" + i, 1_000, i)));
    }
    for (int i = 0; i < 5_000; i++) {
      assertThat(book.after(tick("monero", 2_000, i, 2_500), 1_100).session()).isEqualTo(1_000);
      FeedGap overflow =
          new FeedGap(
              "feed", "S" + i, GapCause.OVERFLOW, 1_100, 1_200L, 1_000, 1_000L, i, 1L, "full");
      book.after(overflow, 1_100);
    }
    assertThat(book.after(tick("monero", 2_000, 5_000, 2_500), 1_100).session()).isEqualTo(2_000);
  }

  /** If each tick examined every drop, this would take two billion steps. */
  @Test
  @Timeout(30)
  void theCostOfATickDoesNotDependOnDrops() {
    SourceOffsets book = new SourceOffsets(true, Map.of());
    for (int i = 0; i < 20_000; i++) {
      book.dropped(List.of(new FeedBuffer.Drop("S" + i, 1_000, i)));
    }
    long sessions = 0;
    for (int i = 0; i < 100_000; i++) {
      sessions += book.after(tick("monero", 2_000, i, 2_500), 1_100).session();
    }
    assertThat(sessions).isEqualTo(100_000L * 1_000);
  }

  @Test
  void allSymbolsStayInTheSessionOfDrops() {
    SourceOffsets book = new SourceOffsets(true, Map.of());
    book.dropped(List.of(new FeedBuffer.Drop("bitcoin", 1_000, 3)));
    assertThat(book.after(tick("monero", 2_000, 5, 2_500), 1_100))
        .isEqualTo(new SourceCursor(1_000, -1, 2_500, 1_100, null));
  }

  private static MarketTick trade(long id, long sequence) {
    return new MarketTick(
        "feed",
        TickKind.TRADE,
        "A",
        "1",
        "1",
        null,
        1_500,
        1_500,
        1_000,
        sequence,
        Long.toString(id),
        TradeSide.BUY,
        TickOrigin.LIVE);
  }

  @Test
  void offsetHasTheNewestTradeId() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    assertThat(book.after(trade(70, 0), 1).tradeId()).isEqualTo(70);
    assertThat(book.after(trade(68, 1), 1).tradeId()).as("a late trade").isEqualTo(70);
    SourceOffsets restarted =
        new SourceOffsets(
            false, Map.of("A", new SourceCursor(1_000, 1, 1_500, 1_450, null).upToTrade(70L)));
    assertThat(restarted.after(tick("A", 2_000, 0, 2_100), 2_050).tradeId()).isEqualTo(70);
  }

  /** A restart then finds the hole again, because it lies behind the stored id. */
  @Test
  void offsetStaysBeforeAHoleUntilItsGapIsClosed() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(trade(70, 0), 1);
    FeedGap hole =
        FeedGap.open("feed", "A", GapCause.VENUE_DROPPED, 1_500, 1_000, 1, "left out")
            .missing("71", "74");
    assertThat(book.after(hole, 1).tradeId()).isEqualTo(70);
    assertThat(book.after(trade(75, 1), 1).tradeId()).isEqualTo(70);
    assertThat(book.after(hole.closed(1_600, 1_000), 1).tradeId()).isEqualTo(75);
  }

  /** A kill before the record of the drops must not hide them. */
  @Test
  void offsetStaysBeforeADropUntilItsRecord() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(trade(70, 0), 1);
    book.dropped(List.of(new FeedBuffer.Drop("A", 1_000, 1)));
    assertThat(book.after(trade(76, 6), 1).tradeId()).isEqualTo(70);
    FeedGap overflow =
        new FeedGap("feed", "A", GapCause.OVERFLOW, 1_100, 1_200L, 1_000, 1_000L, 1, 5L, "full");
    assertThat(book.after(overflow, 1).tradeId()).isEqualTo(76);
  }

  @Test
  void closedGapMovesTheOffsetOverTheIdsThatItNames() {
    SourceOffsets book = new SourceOffsets(false, Map.of());
    book.after(trade(70, 0), 1);
    FeedGap tail =
        FeedGap.open("feed", "A", GapCause.VENUE_DROPPED, 1_500, 1_000, 1, "left out")
            .missing("71", "72")
            .closed(1_600, 1_000);
    assertThat(book.after(tail, 1).tradeId()).isEqualTo(72);
  }
}
