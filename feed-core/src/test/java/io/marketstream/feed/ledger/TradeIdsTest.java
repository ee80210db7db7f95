package io.marketstream.feed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.ledger.TradeIds.Arrival;
import io.marketstream.feed.ledger.TradeIds.Newest;
import io.marketstream.feed.ledger.TradeIds.Range;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TradeIdsTest {
  private static final String BTC = "BTC-USD";
  private static final long NOW = 1_790_732_078_309L;

  @Test
  void firstIdOfASymbolShowsNoHole() {
    TradeIds ids = new TradeIds(Map.of());
    assertThat(ids.received(BTC, 1_100_236_127L, NOW)).isEqualTo(Arrival.FIRST);
    assertThat(ids.received(BTC, 1_100_236_128L, NOW)).isEqualTo(Arrival.NEXT);
    assertThat(ids.received("ETH-USD", 5, NOW)).isEqualTo(Arrival.FIRST);
  }

  @Test
  void leftOutIdsAreAHole() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(10, NOW)));
    assertThat(ids.received(BTC, 14, NOW)).isEqualTo(Arrival.after(new Range(11, 13)));
    assertThat(ids.received(BTC, 15, NOW).hole()).isNull();
    assertThat(ids.missing(BTC, new Range(1, 100))).isEqualTo(new Range(11, 13));
  }

  @Test
  void aRepeatedIdIsNotNewButALateOneIs() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(10, NOW)));
    ids.received(BTC, 14, NOW);
    assertThat(ids.received(BTC, 14, NOW).isNew()).isFalse();
    assertThat(ids.received(BTC, 10, NOW).isNew()).isFalse();
    assertThat(ids.received(BTC, 12, NOW).isNew()).as("from the hole").isTrue();
    assertThat(ids.received(BTC, 12, NOW).isNew()).as("again").isFalse();
    assertThat(ids.missing(BTC, new Range(11, 13))).isEqualTo(new Range(11, 13));
    ids.received(BTC, 11, NOW);
    assertThat(ids.missing(BTC, new Range(11, 13))).isEqualTo(new Range(13, 13));
    ids.received(BTC, 13, NOW);
    assertThat(ids.missing(BTC, new Range(11, 13))).isNull();
  }

  @Test
  void tailIsLostOnlyIfTheNextHeartbeatStillMissesIt() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(10, NOW)));
    assertThat(ids.newestIs(BTC, 12)).as("may still be on its way").isNull();
    ids.received(BTC, 11, NOW);
    assertThat(ids.newestIs(BTC, 12)).isEqualTo(new Range(12, 12));
    assertThat(ids.newestIs(BTC, 12)).as("said once").isNull();
    assertThat(ids.received(BTC, 13, NOW).hole()).as("no hole before the next trade").isNull();
    assertThat(ids.received(BTC, 12, NOW).isNew()).as("late after all").isTrue();
  }

  @Test
  void aLowerHeartbeatProvesNothing() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(10, NOW)));
    assertThat(ids.newestIs(BTC, 7)).isNull();
    assertThat(ids.newestIs(BTC, 7)).isNull();
    assertThat(ids.newestIs("ETH-USD", 7)).as("no trade yet").isNull();
    assertThat(ids.newestIs("ETH-USD", 7)).isNull();
  }

  @Test
  void endOfTheConnectionLosesWhatWasNamed() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(10, NOW), "ETH-USD", new Newest(5, NOW)));
    ids.newestIs(BTC, 12);
    ids.newestIs("ETH-USD", 5);
    assertThat(ids.connectionLost(symbol -> false))
        .containsExactly(Map.entry(BTC, new Range(11, 12)));
    assertThat(ids.connectionLost(symbol -> false)).isEmpty();
    assertThat(ids.received(BTC, 15, NOW).hole()).isEqualTo(new Range(13, 14));
  }

  /** Its newer time must not look as if the venue had started over when it comes again. */
  @Test
  void aTradeThatFilledAHoleIsRepeatedLikeAnyOther() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(5, NOW)));
    ids.newestIs(BTC, 6);
    ids.connectionLost(symbol -> false);
    assertThat(ids.received(BTC, 6, NOW + 9)).isEqualTo(Arrival.NEXT);
    assertThat(ids.received(BTC, 6, NOW + 9)).isEqualTo(Arrival.REPEATED);
    assertThat(ids.received(BTC, 7, NOW + 9)).isEqualTo(Arrival.NEXT);
  }

  /** The worker's clock may be behind the venue's. */
  @Test
  void theNewestTradeItselfNeverStartsTheNumbersOver() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(5, NOW)));
    assertThat(ids.received(BTC, 5, NOW + 20)).isEqualTo(Arrival.REPEATED);
  }

  @Test
  void tailOfASymbolWithAnotherGapIsLeftToItsNextTrade() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(5, NOW)));
    ids.newestIs(BTC, 7);
    assertThat(ids.connectionLost(BTC::equals)).isEmpty();
    assertThat(ids.received(BTC, 9, NOW)).isEqualTo(Arrival.after(new Range(6, 8)));
  }

  /** Whatever arrives: an id is new exactly once, and what never came is missing at the end. */
  @Test
  void everyIdIsNewOnceOrMissing() {
    long seed = System.nanoTime();
    System.out.println("TradeIdsTest seed " + seed);
    Random random = new Random(seed);
    List<Long> sent = new ArrayList<>();
    for (long id = 2; id <= 400; id++) {
      if (random.nextInt(10) > 0) {
        sent.add(id);
      }
      if (random.nextInt(10) == 0) {
        sent.add(1 + (long) random.nextInt((int) id));
      }
    }
    for (int i = 0; i + 3 < sent.size(); i += 4) {
      Collections.shuffle(sent.subList(i, i + 4), random);
    }
    sent.add(401L);
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(1, NOW)));
    Set<Long> taken = new HashSet<>();
    for (long id : sent) {
      if (ids.received(BTC, id, NOW).isNew()) {
        assertThat(taken.add(id)).as("new twice: " + id).isTrue();
      }
    }
    Set<Long> expected = new HashSet<>(sent);
    expected.remove(1L);
    assertThat(taken).isEqualTo(expected);
    for (long id = 2; id <= 401; id++) {
      assertThat(ids.missing(BTC, new Range(id, id)) != null)
          .as("missing: " + id)
          .isEqualTo(!expected.contains(id));
    }
  }

  /** Otherwise a connector would leave out every trade of such a venue. */
  @Test
  void aNewerTradeWithALowerIdStartsTheNumbersOver() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(1_000, NOW)));
    ids.received(BTC, 1_004, NOW + 1);
    assertThat(ids.received(BTC, 4, NOW + 1).isNew()).as("not newer").isFalse();
    assertThat(ids.received(BTC, 5, NOW + 2)).isEqualTo(Arrival.STARTED_OVER);
    assertThat(ids.received(BTC, 7, NOW + 3)).isEqualTo(Arrival.after(new Range(6, 6)));
    assertThat(ids.missing(BTC, new Range(1_001, 1_003))).as("of the old numbers").isNull();
  }

  @Test
  void oldestHolesAreForgotten() {
    TradeIds ids = new TradeIds(Map.of(BTC, new Newest(1, NOW)));
    for (int i = 1; i <= TradeIds.MAX_HOLES + 1; i++) {
      ids.received(BTC, 1 + 2L * i, NOW);
    }
    assertThat(ids.received(BTC, 2, NOW).isNew()).isFalse();
    assertThat(ids.missing(BTC, new Range(2, 10)))
        .as("what is forgotten counts as missing")
        .isEqualTo(new Range(2, 10));
    assertThat(ids.received(BTC, 4, NOW).isNew()).isTrue();
  }
}
