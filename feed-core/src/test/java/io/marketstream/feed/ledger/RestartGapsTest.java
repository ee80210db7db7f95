package io.marketstream.feed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestartGapsTest {

  private static SourceCursor cursor(long session, long sequence, long safeUntil) {
    return new SourceCursor(session, sequence, safeUntil + 10, safeUntil, null);
  }

  private static SourceCursor open(
      long sessionBefore, long sequence, long safeUntil, SourceCursor.OpenGap gap) {
    return new SourceCursor(sessionBefore, sequence, safeUntil, safeUntil, gap);
  }

  private static FeedGap restart(String symbol, long start, long session, long firstMissing) {
    return FeedGap.open(
        "feed", symbol, GapCause.TASK_RESTART, start, session, firstMissing, RestartGaps.DETAIL);
  }

  private static RestartGaps restartGaps(
      String source, List<String> symbols, Map<String, SourceCursor> stored) {
    return RestartGaps.of(source, symbols, stored, 1_000_000);
  }

  @Test
  void noOffsetsMeanAFirstStartWithoutGaps() {
    RestartGaps gaps = restartGaps("feed", List.of("A", "B"), Map.of());
    assertThat(gaps.open()).isEmpty();
    assertThat(gaps.lastSession()).isZero();
  }

  @Test
  void quietSymbolUsesGreatestSafeTimeOfSession() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("BUSY", "QUIET"),
            Map.of("BUSY", cursor(1_000, 41, 90_000), "QUIET", cursor(1_000, 2, 5_000)));
    assertThat(gaps.opened())
        .containsExactly(restart("BUSY", 90_000, 1_000, 42), restart("QUIET", 90_000, 1_000, 3));
    assertThat(gaps.resumed()).isEmpty();
  }

  @Test
  void symbolWithoutOffsetMissesTheWholeSession() {
    RestartGaps gaps =
        restartGaps("feed", List.of("A", "NEW"), Map.of("A", cursor(2_000, 5, 3_000)));
    assertThat(gaps.opened())
        .containsExactly(restart("A", 3_000, 2_000, 6), restart("NEW", 3_000, 2_000, 0));
  }

  @Test
  void aSymbolAddedAgainClaimsFromItsOwnStoredOffset() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("A", "AGAIN"),
            Map.of("A", cursor(9_000, 5, 9_500), "AGAIN", cursor(1_000, 7, 1_500)));
    assertThat(gaps.opened())
        .containsExactly(restart("A", 9_500, 9_000, 6), restart("AGAIN", 1_500, 1_000, 8));
    assertThat(gaps.lastSession()).isEqualTo(9_000);
  }

  @Test
  void aRemovedSymbolGetsNoRecord() {
    RestartGaps gaps = restartGaps("feed", List.of("A"), Map.of("A", cursor(2_000, 5, 3_000)));
    assertThat(gaps.open()).extracting(FeedGap::symbol).containsExactly("A");
  }

  @Test
  void openGapIsResumedUnderItsIdentity() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("A"),
            Map.of(
                "A",
                open(
                    1_000,
                    6,
                    1_500,
                    new SourceCursor.OpenGap(1_400, GapCause.UNAUTHORIZED, "HTTP 401"))));
    assertThat(gaps.opened()).isEmpty();
    assertThat(gaps.resumed())
        .containsExactly(
            FeedGap.open("feed", "A", GapCause.UNAUTHORIZED, 1_400, 1_000, 7, "HTTP 401"));
  }

  @Test
  void aGapWithoutASessionIsResumedWithSessionZero() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("A"),
            Map.of(
                "A",
                open(0, -1, 800, new SourceCursor.OpenGap(800, GapCause.CONNECTION_LOST, "x"))));
    assertThat(gaps.resumed())
        .containsExactly(FeedGap.open("feed", "A", GapCause.CONNECTION_LOST, 800, 0, 0, "x"));
  }

  @Test
  void aSubscriptionToEverythingIsExplainedByTimeAlone() {
    RestartGaps gaps = restartGaps("feed", List.of("*"), Map.of("*", cursor(2_000, -1, 3_000)));
    assertThat(gaps.opened()).containsExactly(restart("*", 3_000, 2_000, 0));
  }

  @Test
  void safeTimeAfterAnOpenGapDoesNotCount() {
    // A's offset was stored again during the gap, B's was not: kill -9 came in between.
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("A", "B"),
            Map.of(
                "A",
                open(
                    1_000,
                    6,
                    60_000,
                    new SourceCursor.OpenGap(1_400, GapCause.CONNECTION_LOST, "x")),
                "B",
                cursor(1_000, 3, 1_200)));
    assertThat(gaps.opened()).containsExactly(restart("B", 1_400, 1_000, 4));
  }

  @Test
  void sessionDuringAnOpenGapIsNotReused() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("A"),
            Map.of(
                "A",
                new SourceCursor(
                    1_000,
                    6,
                    5_100, // a tick of a session opened between 1,000 and then
                    5_050,
                    new SourceCursor.OpenGap(1_400, GapCause.CONNECTION_LOST, "x"))));
    TickNumbering numbering = new TickNumbering(gaps.numberedUpTo());
    assertThat(numbering.openSession(4_000)).as("the clock stepped back").isGreaterThan(5_100);
    assertThat(gaps.lastSession()).isEqualTo(1_000);
  }

  @Test
  void noGapStartsAfterTheTaskStart() {
    RestartGaps gaps =
        RestartGaps.of("feed", List.of("A"), Map.of("A", cursor(2_000, 5, 3_000)), 2_500);
    assertThat(gaps.opened()).containsExactly(restart("A", 2_500, 2_000, 6));
    assertThat(gaps.numberedUpTo()).isEqualTo(3_010);
  }

  private static SourceCursor heartbeat(long session, long safeUntil, long poll) {
    return cursor(session, -1, safeUntil).returnedBy(poll, false);
  }

  private static SourceCursor everything(long session, long safeUntil) {
    return cursor(session, -1, safeUntil).returnedBy(1, true);
  }

  @Test
  void aQuietFeedClaimsOnlyFromItsLastHeartbeat() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("A"),
            Map.of("A", cursor(1_000, 2, 5_000), "*", heartbeat(1_000, 90_000, 9)));
    assertThat(gaps.opened()).containsExactly(restart("A", 90_000, 1_000, 3));
  }

  @Test
  void heartbeatBeforeConnectingIsAFirstStart() {
    RestartGaps gaps = restartGaps("feed", List.of("A"), Map.of("*", heartbeat(0, 500, 1)));
    assertThat(gaps.open()).isEmpty();
  }

  @Test
  void symbolsAfterAllHaveAGapEach() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("bitcoin", "ethereum"),
            Map.of("*", everything(9_000, 9_500), "ethereum", cursor(1_000, 7, 1_500)));
    assertThat(gaps.opened())
        .containsExactly(restart("bitcoin", 9_500, 9_000, 0), restart("ethereum", 9_500, 9_000, 0));
    assertThat(gaps.lastSession()).isEqualTo(9_000);
  }

  @Test
  void allThatNeverConnectedSaysNothingOfASymbol() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("bitcoin", "ethereum"),
            Map.of("*", everything(0, 500), "ethereum", cursor(1_000, 7, 1_500)));
    assertThat(gaps.opened())
        .containsExactly(restart("bitcoin", 1_500, 1_000, 0), restart("ethereum", 1_500, 1_000, 8));
  }

  @Test
  void allAfterSymbolsIsAGapOfAll() {
    RestartGaps gaps = restartGaps("feed", List.of("*"), Map.of("*", heartbeat(9_000, 9_500, 3)));
    assertThat(gaps.opened()).containsExactly(restart("*", 9_500, 9_000, 0));
  }

  @Test
  void symbolsAllAndSymbolsAgainUseTheirOwnOffsets() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("bitcoin"),
            Map.of("*", everything(1_000, 1_500), "bitcoin", cursor(9_000, 7, 9_500)));
    assertThat(gaps.opened()).containsExactly(restart("bitcoin", 9_500, 9_000, 8));
  }

  @Test
  void latestPollCountsDespiteClockSteps() {
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("BUSY", "QUIET"),
            Map.of(
                "BUSY", cursor(1_000, 41, 30_000).returnedBy(99, false),
                "QUIET", cursor(1_000, 2, 60_000).returnedBy(3, false)));
    assertThat(gaps.opened())
        .containsExactly(restart("BUSY", 30_000, 1_000, 42), restart("QUIET", 30_000, 1_000, 3));
  }

  @Test
  void theGapOfARefusedSymbolDoesNotAffectOthers() {
    SourceCursor refused =
        open(1_000, 6, 1_500, new SourceCursor.OpenGap(1_400, GapCause.SUBSCRIPTION_REFUSED, "x"))
            .returnedBy(50, false);
    RestartGaps gaps =
        restartGaps(
            "feed",
            List.of("A", "REFUSED"),
            Map.of("A", cursor(1_000, 9, 90_000).returnedBy(40, false), "REFUSED", refused));
    assertThat(gaps.opened()).containsExactly(restart("A", 90_000, 1_000, 10));
    assertThat(gaps.resumed()).extracting(FeedGap::gapStart).containsExactly(1_400L);
  }
}
