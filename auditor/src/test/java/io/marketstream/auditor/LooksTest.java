package io.marketstream.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two looks at a pipeline that runs have in common. */
class LooksTest {
  private static final SymbolKey KEY = new SymbolKey("finnhub", "AAPL");
  private static final long SESSION = 1_700_000_000_000L;

  private final Audit audit = new Audit(new AuditRules(Span.ALL, List.of(), 120_000));

  @Test
  void aLossIsCountedWholeAndWhatCameLaterIsOnItsWay() {
    AuditReport both = look(5_000, 0, Optional.empty()).lastingIn(look(5_010, 0, Optional.empty()));

    assertThat(both.count(FindingKind.UNEXPLAINED)).isEqualTo(5_000);
    assertThat(both.onTheirWay()).isEqualTo(10);
    assertThat(both.findings(FindingKind.UNEXPLAINED))
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(loss.what()).startsWith("numbers 0 to 4999 of session " + SESSION);
              assertThat(loss.way()).anyMatch(line -> line.startsWith("topic: market_data"));
            });
  }

  /** Compared each with each, they would take minutes. */
  @Test
  @Timeout(10)
  void thousandsOfHolesAreComparedAtOnce() {
    List<Tick> everySecond = LongStream.range(0, 20_000).mapToObj(i -> tick(2 * i)).toList();

    AuditReport both =
        look(39_999, everySecond, Optional.empty())
            .lastingIn(look(39_999, everySecond, Optional.empty()));

    assertThat(both.findings(FindingKind.UNEXPLAINED)).hasSize(19_999);
    assertThat(both.count(FindingKind.UNEXPLAINED)).isEqualTo(19_999);
  }

  @Test
  void aLossThatIsNoLongerOneIsNone() {
    AuditReport both =
        look(5_000, 0, Optional.empty()).lastingIn(look(5_000, 5_000, Optional.of(tick(4_999))));

    assertThat(both.findings(FindingKind.UNEXPLAINED)).isEmpty();
    assertThat(both.onTheirWay()).isZero();
  }

  @Test
  void hundredsOfRowsThatTheTopicsEndDoesNotHaveYetAreNoFindingHoweverOften() {
    AuditReport both =
        look(10, 160, Optional.of(tick(159))).lastingIn(look(160, 310, Optional.of(tick(309))));

    assertThat(both.findings(FindingKind.NEVER_SENT)).isEmpty();
  }

  /** As after a write from a clock that was ahead: no later write wins. */
  @Test
  void aRowThatStandsStillWhileItsSymbolTicksIsFound() {
    AuditReport both =
        look(20, 20, Optional.of(tick(10))).lastingIn(look(25, 25, Optional.of(tick(10))));

    assertThat(both.findings(FindingKind.WRONG_LATEST)).hasSize(1);
  }

  @Test
  void aRowThatFollowsItsSymbolIsNoFinding() {
    AuditReport both =
        look(20, 20, Optional.of(tick(18))).lastingIn(look(25, 25, Optional.of(tick(23))));

    assertThat(both.findings(FindingKind.WRONG_LATEST)).isEmpty();
  }

  private AuditReport look(long inTopic, long inTable, Optional<Tick> latest) {
    return look(inTopic, LongStream.range(0, inTable).mapToObj(LooksTest::tick).toList(), latest);
  }

  private AuditReport look(long inTopic, List<Tick> rows, Optional<Tick> latest) {
    List<TopicTick> topic =
        LongStream.range(0, inTopic)
            .mapToObj(i -> new TopicTick(new TopicPlace("market_data", 0, i), tick(i)))
            .toList();
    return audit.of(
        new SymbolEvidence(
            KEY,
            Optional.empty(),
            Optional.of(new TopicTicks(Long.MIN_VALUE, topic)),
            rows,
            latest,
            List.of(),
            List.of(),
            List.of()));
  }

  private static Tick tick(long number) {
    long time = SESSION + number * 100;
    return new Tick(
        new TickId(SESSION, number),
        time,
        time,
        Tick.TRADE,
        new BigDecimal("189.77"),
        BigDecimal.ONE,
        List.of("1"));
  }
}
