package io.marketstream.coinbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.FeedTaskHarness;
import io.marketstream.feed.harness.RunningTask;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coinbase.HeartbeatMode;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.market.SimMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceTask;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the real task against the simulated feed. */
@Timeout(90)
class CoinbaseSourceTaskTest extends FeedTaskHarness {
  private static final String BTC = "BTC-USD";
  private static final String ETH = "ETH-USD";

  /** Trades and heartbeats come only when a test says so. */
  private final CoinbaseSimulator feed =
      CoinbaseSimulator.builder()
          .products(BTC, ETH)
          .seed(20261130)
          .heartbeatPeriod(Duration.ZERO)
          .start();

  CoinbaseSourceTaskTest() {
    super("io.marketstream.coinbase", List.of());
    properties.put("coinbase.products", BTC + "," + ETH);
    properties.put("coinbase.websocket.url", feed.url());
    properties.put("coinbase.repair.enabled", "false"); // CoinbaseRepairTest turns it on
  }

  @Override
  protected SourceTask newTask() {
    return new CoinbaseSourceTask();
  }

  @Override
  protected void closeFeed() {
    feed.close();
  }

  private void awaitSubscribed() {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> feed.subscribedSymbols().contains(BTC) && feed.connected() == 1);
  }

  /** What the records of a product must hold, from the trade with this id on. */
  private List<List<Object>> venue(String product, long fromId) {
    return feed.history(product).stream()
        .filter(trade -> trade.id() >= fromId)
        .map(CoinbaseSourceTaskTest::expected)
        .toList();
  }

  private static List<Object> expected(SimMatch trade) {
    return List.of(
        trade.symbol(),
        Long.toString(trade.id()),
        trade.price(),
        trade.size(),
        trade.makerSide().opposite().wireName(),
        trade.time().toEpochMilli());
  }

  private static List<List<Object>> content(List<Struct> ticks, String product) {
    return of(ticks, product).stream()
        .map(
            tick ->
                List.<Object>of(
                    tick.get("symbol"),
                    tick.get("trade_id"),
                    tick.get("price"),
                    tick.get("volume"),
                    tick.get("side"),
                    ms(tick, "event_time")))
        .toList();
  }

  private long newest(String product) {
    List<SimMatch> history = feed.history(product);
    return history.isEmpty() ? 0 : last(history).id();
  }

  private static String story(Struct gap) {
    return gap.getString("cause")
        + (gap.get("gap_end") == null ? " open" : " closed")
        + (gap.get("first_missing_id") == null
            ? ""
            : " " + gap.get("first_missing_id") + "-" + gap.get("last_missing_id"))
        + (gap.get("repaired_at") == null ? "" : " nothing missing");
  }

  private static List<String> stories(RunningTask task, String product) {
    return of(task.gaps(), product).stream().map(CoinbaseSourceTaskTest::story).toList();
  }

  @Test
  void everyTradeArrivesAsTheVenueHasIt() {
    RunningTask task = start();
    awaitSubscribed();
    long before = newest(BTC);
    long beforeEth = newest(ETH);
    feed.trade(BTC, 20);
    feed.sweep(BTC, 5);
    feed.trade(ETH, 7);
    task.await("every trade", t -> newestIs(t, BTC) && newestIs(t, ETH));
    assertThat(content(task.ticks(), BTC)).isEqualTo(venue(BTC, Math.max(1, before)));
    assertThat(content(task.ticks(), ETH)).isEqualTo(venue(ETH, Math.max(1, beforeEth)));
    assertThat(task.ticks())
        .allSatisfy(
            tick -> {
              assertThat(tick.getString("kind")).isEqualTo("trade");
              assertThat(tick.getString("origin")).isEqualTo("live");
              assertThat(tick.get("conditions")).isNull();
            });
    assertThat(task.gaps()).isEmpty();
    assertThat(task.rejects()).isEmpty();
  }

  private boolean newestIs(RunningTask task, String product) {
    List<Struct> ticks = of(task.ticks(), product);
    return !ticks.isEmpty()
        && last(ticks).getString("trade_id").equals(Long.toString(newest(product)));
  }

  /** There is no key that could be wrong, so whatever refuses the worker may let it in later. */
  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedHandshakeIsRepeated(int status) {
    feed.faults().failHandshakes(2, HandshakeFault.status(status));
    RunningTask task = start();
    awaitSubscribed();
    feed.trade(BTC, 1);
    task.await("the trade", t -> newestIs(t, BTC));
    Struct gap = of(task.gaps(), BTC).get(0);
    assertThat(gap.getString("cause")).isEqualTo("CONNECTION_LOST");
    assertThat(gap.getString("detail")).isEqualTo("HTTP " + status + " at the handshake");
  }

  @Test
  void droppedTradesBecomeAGapThatNamesThem() {
    RunningTask task = start();
    awaitSubscribed();
    feed.trade(BTC, 3);
    long before = newest(BTC);
    feed.dropNextMatches(BTC, 4);
    feed.trade(BTC, 6);
    feed.sendHeartbeats();
    String ids = (before + 1) + "-" + (before + 4);
    task.await("both records of the gap", t -> of(t.gaps(), BTC).size() == 2);
    assertThat(stories(task, BTC))
        .containsExactly("VENUE_DROPPED open " + ids, "VENUE_DROPPED closed " + ids);
    assertThat(of(task.gaps(), ETH)).isEmpty();
    assertIdsRunOrAreMissing(task, BTC);
  }

  @Test
  void tradesDroppedAtTheEndAreFoundByTheHeartbeats() {
    RunningTask task = start();
    awaitSubscribed();
    feed.trade(BTC, 3);
    long before = newest(BTC);
    feed.dropNextMatches(BTC, 2);
    feed.trade(BTC, 2);
    feed.sendHeartbeats();
    feed.sendHeartbeats();
    task.await("the gap", t -> of(t.gaps(), BTC).size() == 1);
    assertThat(stories(task, BTC))
        .containsExactly("VENUE_DROPPED closed " + (before + 1) + "-" + (before + 2));
    feed.trade(BTC, 1);
    task.await("the next trade", t -> newestIs(t, BTC));
    assertThat(of(task.gaps(), BTC)).hasSize(1);
    assertIdsRunOrAreMissing(task, BTC);
  }

  @Test
  void heartbeatsThatRunAheadAreNoLoss() {
    RunningTask task = start();
    awaitSubscribed();
    feed.trade(BTC, 3);
    for (HeartbeatMode mode : HeartbeatMode.values()) {
      feed.setHeartbeatMode(mode);
      feed.sendHeartbeats();
      feed.sendHeartbeats();
      feed.trade(BTC, 2);
    }
    task.await("the newest trade", t -> newestIs(t, BTC));
    assertThat(task.gaps()).isEmpty();
    assertIdsRunOrAreMissing(task, BTC);
  }

  @Test
  void firstTradeAfterAReconnectSaysWhatIsMissing() {
    RunningTask task = start();
    awaitSubscribed();
    feed.trade(BTC, 3);
    feed.trade(ETH, 3);
    task.await("the newest trades", t -> newestIs(t, BTC) && newestIs(t, ETH));
    long before = newest(BTC);
    feed.dropNextMatches(BTC, 5); // while the connection is lost
    feed.trade(BTC, 5);
    feed.faults().drop();
    task.await("closed gaps", t -> closed(t, BTC) == 1 && closed(t, ETH) == 1);
    assertThat(last(stories(task, BTC)))
        .isEqualTo("CONNECTION_LOST closed " + (before + 1) + "-" + (before + 4));
    assertThat(last(stories(task, ETH))).contains("closed nothing missing");
    feed.trade(BTC, 2);
    task.await("the newest trade", t -> newestIs(t, BTC));
    assertIdsRunOrAreMissing(task, BTC);
  }

  private static long closed(RunningTask task, String product) {
    return of(task.gaps(), product).stream().filter(gap -> gap.get("gap_end") != null).count();
  }

  @Test
  void restartContinuesAfterTheStoredTradeId() throws Exception {
    RunningTask first = start();
    awaitSubscribed();
    feed.trade(BTC, 3);
    first.await("the newest trade", t -> newestIs(t, BTC));
    first.stop();
    long stored = newest(BTC);
    assertThat(offsets.of("coinbase", BTC)).containsEntry("trade_id", stored);
    feed.trade(BTC, 4);
    RunningTask second = start();
    second.await("the newest trade", t -> newestIs(t, BTC));
    second.await("a closed gap", t -> closed(t, BTC) == 1);
    assertThat(last(stories(second, BTC)))
        .isEqualTo("TASK_RESTART closed " + (stored + 1) + "-" + (stored + 3));
    assertThat(content(second.ticks(), BTC)).isEqualTo(venue(BTC, stored + 4));
  }

  @Test
  void restartWithoutALossSaysSo() throws Exception {
    RunningTask first = start();
    awaitSubscribed();
    feed.trade(BTC, 3);
    first.await("the newest trade", t -> newestIs(t, BTC));
    first.stop();
    RunningTask second = start();
    second.await("a closed gap", t -> closed(t, BTC) == 1);
    assertThat(last(stories(second, BTC))).isEqualTo("TASK_RESTART closed nothing missing");
    assertThat(of(second.ticks(), BTC)).as("the newest trade again").isEmpty();
  }

  @Test
  void refusedProductHasAGapAndTheOthersGoOn() {
    properties.put("coinbase.products", BTC + ",NO-SUCH");
    RunningTask task = start();
    awaitSubscribed();
    feed.trade(BTC, 3);
    task.await("the newest trade", t -> newestIs(t, BTC));
    task.await("a gap", t -> of(t.gaps(), "NO-SUCH").size() == 1);
    Struct gap = of(task.gaps(), "NO-SUCH").get(0);
    assertThat(gap.getString("cause")).isEqualTo("SUBSCRIPTION_REFUSED");
    assertThat(gap.getString("detail")).contains("NO-SUCH is not a valid product");
    assertThat(of(task.gaps(), BTC)).isEmpty();
  }

  /** Every trade of the venue, from the first one received on, is a tick or in a gap. */
  private void assertIdsRunOrAreMissing(RunningTask task, String product) {
    List<Long> ids =
        of(task.ticks(), product).stream()
            .map(tick -> Long.valueOf(tick.getString("trade_id")))
            .toList();
    assertThat(ids).as("no trade twice").doesNotHaveDuplicates();
    List<Long> unexplained = new ArrayList<>();
    for (SimMatch trade : feed.history(product)) {
      if (trade.id() > ids.get(0) && !ids.contains(trade.id()) && !isInGap(task, trade)) {
        unexplained.add(trade.id());
      }
    }
    assertThat(unexplained).isEmpty();
  }

  private static boolean isInGap(RunningTask task, SimMatch trade) {
    return of(task.gaps(), trade.symbol()).stream()
        .filter(gap -> gap.get("first_missing_id") != null && gap.get("gap_end") != null)
        .anyMatch(
            gap ->
                Long.parseLong(gap.getString("first_missing_id")) <= trade.id()
                    && trade.id() <= Long.parseLong(gap.getString("last_missing_id")));
  }
}
