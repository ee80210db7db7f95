package io.marketstream.feed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GapLedgerTest {

  private static final long STARTED = 1_000;

  private final TickNumbering numbering = new TickNumbering(0);

  private GapLedger ledger(List<FeedGap> open, String... symbols) {
    return new GapLedger("feed", List.of(symbols), numbering, open, STARTED);
  }

  private void connect(GapLedger ledger, long at) {
    numbering.openSession(at);
    ledger.opened(at);
  }

  /** The clock has not stepped since the last frame. */
  private static List<FeedGap> lost(GapLedger ledger, GapCause cause, String detail) {
    return lost(ledger, cause, detail, Long.MAX_VALUE);
  }

  private static List<FeedGap> lost(
      GapLedger ledger, GapCause cause, String detail, long silentSince) {
    List<FeedGap> opened = ledger.lost(cause, detail, silentSince);
    ledger.recorded(opened);
    return opened;
  }

  /** Reports a frame without ticks that proves every subscription. */
  private static List<FeedGap> recovered(GapLedger ledger, long at) {
    return recovered(ledger, Set.of(), at);
  }

  private static List<FeedGap> recovered(GapLedger ledger, Set<String> ticked, long at) {
    List<FeedGap> closed = ledger.recovered(ticked::contains, symbol -> true, at);
    ledger.recorded(closed);
    return closed;
  }

  private static List<FeedGap> refused(GapLedger ledger, String symbol) {
    List<FeedGap> opened = ledger.refused(symbol, "no", Long.MAX_VALUE);
    ledger.markRefused(symbol);
    ledger.recorded(opened);
    return opened;
  }

  private void number(String symbol) {
    numbering.number(symbol);
    numbering.commit(numbering.session() + 100, 0);
  }

  @Test
  void lostConnectionOpensOneGapPerSymbol() {
    GapLedger ledger = ledger(List.of(), "A", "B");
    connect(ledger, 2_000);
    number("A");
    number("A");
    ledger.received(2_500);

    assertThat(lost(ledger, GapCause.CONNECTION_LOST, "reset"))
        .containsExactly(
            FeedGap.open("feed", "A", GapCause.CONNECTION_LOST, 2_500, 2_000, 2, "reset"),
            FeedGap.open("feed", "B", GapCause.CONNECTION_LOST, 2_500, 2_000, 0, "reset"));
    assertThat(ledger.hasOpenGaps()).isTrue();
  }

  @Test
  void nextSessionClosesGapsUnderTheirIdentity() {
    GapLedger ledger = ledger(List.of(), "A");
    connect(ledger, 2_000);
    number("A");
    ledger.received(2_500);
    FeedGap open = lost(ledger, GapCause.STALLED, "silence").get(0);
    connect(ledger, 9_000);

    assertThat(recovered(ledger, 9_100)).containsExactly(open.closed(9_100, 9_000));
    assertThat(ledger.hasOpenGaps()).isFalse();
    assertThat(recovered(ledger, 9_200)).isEmpty();
  }

  @Test
  void aSessionWithoutAFrameBelongsToTheGapAroundIt() {
    GapLedger ledger = ledger(List.of(), "A");
    connect(ledger, 2_000);
    ledger.received(2_500);
    FeedGap open = lost(ledger, GapCause.CONNECTION_LOST, "first").get(0);
    connect(ledger, 3_000);
    assertThat(lost(ledger, GapCause.SERVER_CLOSED, "second")).isEmpty();
    assertThat(ledger.notOpened(GapCause.RATE_LIMITED, "third")).isEmpty();
    connect(ledger, 4_000);

    assertThat(recovered(ledger, 4_100)).containsExactly(open.closed(4_100, 4_000));
  }

  @Test
  void failedFirstAttemptOpensGapFromTaskStart() {
    GapLedger ledger = ledger(List.of(), "A");
    List<FeedGap> opened = ledger.notOpened(GapCause.UNAUTHORIZED, "HTTP 401");
    ledger.recorded(opened);
    assertThat(opened)
        .containsExactly(
            FeedGap.open("feed", "A", GapCause.UNAUTHORIZED, STARTED, 0, 0, "HTTP 401"));
    connect(ledger, 5_000);
    assertThat(recovered(ledger, 5_100).get(0))
        .satisfies(
            gap -> {
              assertThat(gap.gapStart()).isEqualTo(STARTED);
              assertThat(gap.sessionBefore()).isZero();
              assertThat(gap.sessionAfter()).isEqualTo(5_000);
            });
  }

  @Test
  void gapWithoutAnyFrameStartsAtTheOpening() {
    GapLedger ledger = ledger(List.of(), "A");
    connect(ledger, 2_000);
    assertThat(lost(ledger, GapCause.SERVER_CLOSED, "bye"))
        .containsExactly(FeedGap.open("feed", "A", GapCause.SERVER_CLOSED, 2_000, 2_000, 0, "bye"));
  }

  @Test
  void firstRecoveryClosesGapsOpenAtStart() {
    FeedGap restart = FeedGap.open("feed", "A", GapCause.TASK_RESTART, 500, 400, 7, "x");
    GapLedger ledger = ledger(List.of(restart), "A");
    assertThat(ledger.notOpened(GapCause.CONNECTION_LOST, "refused")).isEmpty();
    connect(ledger, 2_000);
    assertThat(recovered(ledger, 2_100)).containsExactly(restart.closed(2_100, 2_000));
  }

  @Test
  void aSubscriptionToEverythingIsOneGapExplainedByTime() {
    GapLedger ledger = ledger(List.of(), SourceCursor.ALL_SYMBOLS);
    connect(ledger, 2_000);
    number("bitcoin");
    ledger.received(2_200);
    assertThat(lost(ledger, GapCause.CONNECTION_LOST, "x"))
        .containsExactly(FeedGap.open("feed", "*", GapCause.CONNECTION_LOST, 2_200, 2_000, 0, "x"));
  }

  @Test
  void aClockThatStepsBackNeverEndsAGapBeforeItsStart() {
    GapLedger ledger = ledger(List.of(), "A");
    connect(ledger, 5_000);
    ledger.received(6_000);
    lost(ledger, GapCause.CONNECTION_LOST, "x");
    connect(ledger, 3_000);
    FeedGap closed = recovered(ledger, 3_100).get(0);
    assertThat(closed.gapEnd()).isEqualTo(6_000);
    assertThat(closed.sessionAfter()).isEqualTo(5_001);
  }

  @Test
  void gapStartsNoLaterThanTheSilence() {
    GapLedger ledger = ledger(List.of(), "A");
    connect(ledger, 5_000);
    ledger.received(6_000);
    FeedGap open = lost(ledger, GapCause.CONNECTION_LOST, "x", 2_500).get(0); // it stepped back
    assertThat(open.gapStart()).isEqualTo(2_500);
    connect(ledger, 3_000);
    assertThat(recovered(ledger, 3_100).get(0).gapEnd()).isEqualTo(3_100);

    FeedGap next = lost(ledger, GapCause.CONNECTION_LOST, "x", 9_000).get(0); // it stepped forward
    assertThat(next.gapStart()).isEqualTo(3_000);
  }

  @Test
  void refusedSymbolHasGapBetweenItsTicks() {
    GapLedger ledger = ledger(List.of(), "A", "B");
    connect(ledger, 2_000);
    number("A"); // at 2,100
    ledger.received(2_500);
    FeedGap open = FeedGap.open("feed", "A", GapCause.SUBSCRIPTION_REFUSED, 2_100, 2_000, 1, "no");
    assertThat(refused(ledger, "A")).containsExactly(open);
    assertThat(refused(ledger, "A")).as("refused again").isEmpty();
    assertThat(ledger.hasOutage()).isFalse();

    assertThat(recovered(ledger, 3_000)).as("a frame without a tick").isEmpty();
    assertThat(recovered(ledger, Set.of("B"), 3_500)).as("a tick of another symbol").isEmpty();
    assertThat(recovered(ledger, Set.of("A"), 4_000)).containsExactly(open.closed(4_000, 2_000));
    assertThat(ledger.refused()).isEmpty();
  }

  @Test
  void refusedSymbolWithoutTicksHasGapFromOpening() {
    GapLedger ledger = ledger(List.of(), "A", "B");
    connect(ledger, 2_000);
    ledger.received(9_000);
    assertThat(refused(ledger, "B"))
        .containsExactly(
            FeedGap.open("feed", "B", GapCause.SUBSCRIPTION_REFUSED, 2_000, 2_000, 0, "no"));
  }

  @Test
  void refusedSymbolsGapOutlivesRestarts() {
    GapLedger ledger = ledger(List.of(), "A", "B");
    connect(ledger, 2_000);
    final FeedGap open = refused(ledger, "A").get(0);
    ledger.received(2_500);
    assertThat(lost(ledger, GapCause.CONNECTION_LOST, "x"))
        .extracting(FeedGap::symbol)
        .containsExactly("B");
    connect(ledger, 3_000);
    assertThat(recovered(ledger, 3_100)).extracting(FeedGap::symbol).containsExactly("B");

    GapLedger next = ledger(List.of(open), "A", "B");
    connect(next, 9_000);
    assertThat(recovered(next, 9_100)).isEmpty();
    assertThat(recovered(next, Set.of("A"), 9_200)).containsExactly(open.closed(9_200, 9_000));
  }

  @Test
  void symbolRefusedInAnOutageKeepsItsGap() {
    GapLedger ledger = ledger(List.of(), "A");
    connect(ledger, 2_000);
    ledger.received(2_500);
    final FeedGap outage = lost(ledger, GapCause.CONNECTION_LOST, "x").get(0);
    connect(ledger, 3_000);
    assertThat(refused(ledger, "A")).isEmpty();
    assertThat(ledger.hasOutage()).isFalse();
    assertThat(recovered(ledger, 3_100)).isEmpty();
    assertThat(recovered(ledger, Set.of("A"), 3_200)).containsExactly(outage.closed(3_200, 3_000));
  }

  @Test
  void aRecordCountsOnlyOnceItIsInTheBuffer() {
    GapLedger ledger = ledger(List.of(), "A");
    connect(ledger, 2_000);
    FeedGap open = ledger.lost(GapCause.CONNECTION_LOST, "x", Long.MAX_VALUE).get(0);
    assertThat(ledger.hasOpenGaps()).isFalse();
    ledger.recorded(List.of(open));
    assertThat(ledger.recovered(symbol -> true, symbol -> true, 3_000)).hasSize(1);
    assertThat(ledger.hasOpenGaps()).isTrue();
  }
}
