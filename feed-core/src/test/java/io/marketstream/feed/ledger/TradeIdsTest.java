package io.marketstream.feed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.ledger.TradeIds.Arrival;
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

  @Test
  void firstIdOfASymbolShowsNoHole() {
    TradeIds ids = new TradeIds(Map.of());
    assertThat(ids.received(BTC, 1_100_236_127L)).isEqualTo(new Arrival(true, false, null));
    assertThat(ids.received(BTC, 1_100_236_128L)).isEqualTo(new Arrival(true, true, null));
    assertThat(ids.received("ETH-USD", 5)).isEqualTo(new Arrival(true, false, null));
  }

  @Test
  void leftOutIdsAreAHole() {
    TradeIds ids = new TradeIds(Map.of(BTC, 10L));
    assertThat(ids.received(BTC, 14)).isEqualTo(new Arrival(true, true, new Range(11, 13)));
    assertThat(ids.received(BTC, 15).hole()).isNull();
    assertThat(ids.missing(BTC, new Range(1, 100))).isEqualTo(new Range(11, 13));
  }

  @Test
  void aRepeatedIdIsNotNewButALateOneIs() {
    TradeIds ids = new TradeIds(Map.of(BTC, 10L));
    ids.received(BTC, 14);
    assertThat(ids.received(BTC, 14).isNew()).isFalse();
    assertThat(ids.received(BTC, 10).isNew()).isFalse();
    assertThat(ids.received(BTC, 12).isNew()).as("from the hole").isTrue();
    assertThat(ids.received(BTC, 12).isNew()).as("again").isFalse();
    assertThat(ids.missing(BTC, new Range(11, 13))).isEqualTo(new Range(11, 13));
    ids.received(BTC, 11);
    assertThat(ids.missing(BTC, new Range(11, 13))).isEqualTo(new Range(13, 13));
    ids.received(BTC, 13);
    assertThat(ids.missing(BTC, new Range(11, 13))).isNull();
  }

  @Test
  void tailIsLostOnlyIfTheNextHeartbeatStillMissesIt() {
    TradeIds ids = new TradeIds(Map.of(BTC, 10L));
    assertThat(ids.newestIs(BTC, 12)).as("may still be on its way").isNull();
    ids.received(BTC, 11);
    assertThat(ids.newestIs(BTC, 12)).isEqualTo(new Range(12, 12));
    assertThat(ids.newestIs(BTC, 12)).as("said once").isNull();
    assertThat(ids.received(BTC, 13).hole()).as("no hole before the next trade").isNull();
    assertThat(ids.received(BTC, 12).isNew()).as("late after all").isTrue();
  }

  @Test
  void aLowerHeartbeatProvesNothing() {
    TradeIds ids = new TradeIds(Map.of(BTC, 10L));
    assertThat(ids.newestIs(BTC, 7)).isNull();
    assertThat(ids.newestIs(BTC, 7)).isNull();
    assertThat(ids.newestIs("ETH-USD", 7)).as("no trade yet").isNull();
    assertThat(ids.newestIs("ETH-USD", 7)).isNull();
  }

  @Test
  void endOfTheConnectionLosesWhatWasNamed() {
    TradeIds ids = new TradeIds(Map.of(BTC, 10L, "ETH-USD", 5L));
    ids.newestIs(BTC, 12);
    ids.newestIs("ETH-USD", 5);
    assertThat(ids.connectionLost()).containsExactly(Map.entry(BTC, new Range(11, 12)));
    assertThat(ids.connectionLost()).isEmpty();
    assertThat(ids.received(BTC, 15).hole()).isEqualTo(new Range(13, 14));
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
    TradeIds ids = new TradeIds(Map.of(BTC, 1L));
    Set<Long> taken = new HashSet<>();
    for (long id : sent) {
      if (ids.received(BTC, id).isNew()) {
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

  @Test
  void oldestHolesAreForgotten() {
    TradeIds ids = new TradeIds(Map.of(BTC, 1L));
    for (int i = 1; i <= TradeIds.MAX_HOLES + 1; i++) {
      ids.received(BTC, 1 + 2L * i);
    }
    assertThat(ids.received(BTC, 2).isNew()).isFalse();
    assertThat(ids.received(BTC, 4).isNew()).isTrue();
  }
}
