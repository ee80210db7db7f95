package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.auditor.venue.RequestPace;
import io.marketstream.auditor.venue.VenueClient;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.market.SimMatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The search for the trades of a time, at a venue that finds them by id only. */
@Timeout(60)
class VenueTradesTest {
  private static final String BTC = "BTC-USD";

  private CoinbaseSimulator simulator;
  private VenueClient client;
  private List<SimMatch> history;

  /** One trade per second. */
  @BeforeEach
  void start() {
    simulator =
        CoinbaseSimulator.builder()
            .seed(7)
            .heartbeatPeriod(Duration.ZERO)
            .restLimit(1_000_000, 1_000_000)
            .pastTrades(9_000)
            .start();
    history = simulator.history(BTC);
    client =
        new VenueClient(simulator.restUri(), new RequestPace(System::nanoTime, wait -> {}, 3), 100);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void everyTradeOfTheTimeIsFoundFromOneId() throws Exception {
    assertThat(ids(2_000, 6_000, 3_000, 3_000, true)).containsAll(idsOf(2_000, 6_000));
    assertThat(client.requests()).isLessThanOrEqualTo(6);
  }

  /** The connector may have been down at both ends of the time. */
  @Test
  void tradesBeforeAndAfterTheKnownOnesAreFound() throws Exception {
    assertThat(ids(2_000, 6_000, 4_000, 4_500, true)).containsAll(idsOf(2_000, 6_000));
  }

  @Test
  void theNewestTradesAreFound() throws Exception {
    assertThat(ids(7_000, 20_000, 7_100, 8_200, true)).containsAll(idsOf(7_000, 9_000));
  }

  @Test
  void theFirstTradeOfAllEndsTheSearch() throws Exception {
    assertThat(ids(-5_000, 500, 100, 200, true)).containsAll(idsOf(0, 500));
  }

  @Test
  void anIdFarBeforeTheTimeIsEnough() throws Exception {
    assertThat(ids(5_000, 6_000, 1_200, 1_200, true)).containsAll(idsOf(5_000, 6_000));
  }

  @Test
  void olderTradesAreNotReadIfTheyAreNotWanted() throws Exception {
    List<Long> found = ids(0, 6_000, 5_500, 5_900, false);

    assertThat(found).containsAll(idsOf(5_500, 6_000));
    assertThat(client.requests()).isLessThanOrEqualTo(2);
  }

  @Test
  void idsThatTheVenueLacksDoNotEndTheSearch() throws Exception {
    for (int index = 3_000; index < 3_010; index++) {
      simulator.markAbsent(BTC, history.get(index).id());
    }

    List<Long> found = ids(2_900, 3_500, 2_950, 2_999, true);

    assertThat(found)
        .containsAll(idsOf(3_010, 3_500))
        .doesNotContainAnyElementsOf(idsOf(3_000, 3_010));
  }

  /** All arguments are indices of trades, which are one second apart. */
  private List<Long> ids(int since, int until, int lowest, int highest, boolean isOlderWanted)
      throws Exception {
    long begin = history.get(0).time().toEpochMilli();
    return List.copyOf(
        new VenueTrades(client, BTC, begin + 1_000L * since, begin + 1_000L * until)
            .around(history.get(lowest).id(), history.get(highest).id(), isOlderWanted)
            .keySet());
  }

  private List<Long> idsOf(int from, int to) {
    return history.subList(from, to).stream().map(SimMatch::id).toList();
  }
}
