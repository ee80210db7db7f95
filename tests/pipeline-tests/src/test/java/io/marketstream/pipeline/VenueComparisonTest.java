package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.pipeline.VenueComparison.Kind;
import io.marketstream.pipeline.VenueComparison.Problem;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.market.SimMatch.Side;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each fault that is planted into ticks and gaps is found, and nothing else. */
class VenueComparisonTest {

  private static final String BITCOIN = "BTC-USD";
  private static final long LIVE = 1_000;
  private static final long LATER = 5_000;
  private static final long REPAIR = 3_000;
  private static final UUID ORDER = new UUID(1, 2);

  private final List<SimMatch> history = new ArrayList<>();
  private final List<StoredTick> ticks = new ArrayList<>();
  private final List<GapRow> gaps = new ArrayList<>();

  /** The venue makes 1 to 10. All but 4 to 6 come live, and these come by repair. */
  VenueComparisonTest() {
    LongStream.rangeClosed(1, 10).forEach(id -> history.add(trade(id)));
    history.forEach(trade -> ticks.add(live(trade, LIVE, trade.id() - 1)));
    ticks.subList(3, 6).clear();
    LongStream.rangeClosed(4, 6).forEach(id -> ticks.add(repaired(id, id)));
    gaps.add(gap("VENUE_DROPPED", 4, 6, null));
    gaps.add(gap("VENUE_DROPPED", 4, 6, Instant.ofEpochMilli(REPAIR)));
  }

  private static SimMatch trade(long id) {
    return new SimMatch(
        BITCOIN, id, ORDER, ORDER, Side.SELL, "0.5", "10" + id, id, Instant.ofEpochMilli(id));
  }

  private static StoredTick live(SimMatch trade, long session, long sequence) {
    return tick(trade, session, sequence, "live");
  }

  private static StoredTick repaired(long id, long sequence) {
    return tick(trade(id), 1, sequence, "repair");
  }

  private static StoredTick tick(SimMatch trade, long session, long sequence, String origin) {
    return StoredTick.trade(
            BITCOIN, session, sequence, trade.price() + ".000", trade.time().toEpochMilli())
        .withVolume("0.50000000")
        .withTrade(Long.toString(trade.id()), "buy", origin);
  }

  private static GapRow gap(String cause, long first, long last, Instant repairedAt) {
    return new GapRow(
        TestPipeline.COINBASE,
        BITCOIN,
        cause,
        Instant.ofEpochMilli(3),
        Instant.ofEpochMilli(7),
        cause.equals("VENUE_DROPPED") ? LIVE : REPAIR,
        LIVE,
        first,
        first,
        last,
        repairedAt);
  }

  private VenueComparison compare(VenueComparison.Restarts restarts) {
    return VenueComparison.of(Map.of(BITCOIN, history), ticks, gaps, restarts);
  }

  private List<String> problems() {
    return compare((earlier, later) -> false).problems().stream()
        .map(problem -> problem.kind() + " " + problem.id())
        .toList();
  }

  @Test
  void whatIsRepairedIsComplete() {
    VenueComparison comparison = compare((earlier, later) -> false);

    assertThat(comparison.problems()).isEmpty();
    assertThat(comparison.trades()).isEqualTo(10);
    assertThat(comparison.repaired()).isEqualTo(3);
    assertThat(comparison.absent()).isZero();
  }

  @Test
  void theFirstTickOfAProductIsTheBeginning() {
    ticks.remove(0);
    ticks.remove(0);
    assertThat(problems()).containsExactly("MISSING 1", "MISSING 2");

    List<SimMatch> since = VenueComparison.since(history, ticks);
    assertThat(since).hasSize(8);
    history.retainAll(since);
    assertThat(problems()).isEmpty();
  }

  @Test
  void aMissingIdIsFoundWithItsGap() {
    ticks.removeIf(tick -> tick.tradeId().equals("5"));
    assertThat(problems()).containsExactly("MISSING 5");

    gaps.remove(1);
    assertThat(problems()).containsExactly("NOT_REPAIRED 5");
    assertThat(compare((earlier, later) -> false).problems())
        .extracting(Problem::detail)
        .allMatch(detail -> detail.contains("VENUE_DROPPED"));

    ticks.removeIf(tick -> tick.tradeId().equals("10"));
    assertThat(problems()).containsExactly("NOT_REPAIRED 5", "MISSING 10");
  }

  @Test
  void anAbsentIdNeedsARecord() {
    history.removeIf(trade -> trade.id() == 5);
    ticks.removeIf(tick -> tick.tradeId().equals("5"));
    assertThat(problems()).containsExactly("MISSING 5");

    gaps.add(gap("ABSENT_AT_VENUE", 5, 5, Instant.ofEpochMilli(REPAIR)));
    assertThat(problems()).isEmpty();
    assertThat(compare((earlier, later) -> false).absent()).isOne();
  }

  @Test
  void aTradeThatTheVenueHasIsNotAbsent() {
    gaps.add(gap("ABSENT_AT_VENUE", 5, 6, Instant.ofEpochMilli(REPAIR)));

    assertThat(problems()).containsExactly("NOT_ABSENT 5", "NOT_ABSENT 6");
  }

  @Test
  void aTradeThatWasNeverMadeIsFound() {
    history.removeIf(trade -> trade.id() == 2);
    ticks.add(live(trade(11), LIVE, 10));

    assertThat(problems()).containsExactly("NEVER_MADE 2", "NEVER_MADE 11");
  }

  @Test
  void otherContentIsFound() {
    ticks.set(0, ticks.get(0).withTrade("1", "sell", "live"));
    ticks.set(1, ticks.get(1).withVolume("0.6"));
    ticks.set(
        2,
        StoredTick.trade(BITCOIN, LIVE, 2, "103.0001", 3)
            .withVolume(new BigDecimal("0.5").toPlainString())
            .withTrade("3", "buy", "live"));

    assertThat(problems()).containsExactly("DIFFERENT 1", "DIFFERENT 2", "DIFFERENT 3");
  }

  @Test
  void anIdOfOneOriginMayComeAgainOnlyAfterARestart() {
    ticks.add(live(trade(4), LIVE, 3)); // live and by repair
    assertThat(problems()).isEmpty();

    ticks.add(ticks.get(0)); // one record, written twice
    ticks.add(repaired(5, 5)); // a repair that was repeated after a kill
    assertThat(problems()).isEmpty();

    ticks.add(live(trade(9), LATER, 0));
    assertThat(problems()).containsExactly("DOUBLED 9");
    assertThat(compare((earlier, later) -> earlier == LIVE && later == LATER).problems()).isEmpty();
    assertThat(compare((earlier, later) -> earlier == LATER).problems())
        .extracting(Problem::kind)
        .containsExactly(Kind.DOUBLED);
  }

  @Test
  void aRepairNumbersItsTicksByTheirIds() {
    ticks.removeIf(tick -> tick.tradeId().equals("6"));
    ticks.add(repaired(6, 3));
    ticks.add(tick(trade(9), 1, 9, "live"));
    assertThat(problems()).contains("WRONG_NUMBER 6", "WRONG_NUMBER 9");
  }

  @Test
  void twoTradesWithOneNumberAreFound() {
    ticks.set(1, live(trade(2), LIVE, 0));

    assertThat(problems()).containsExactly("WRONG_NUMBER 2");
  }
}
