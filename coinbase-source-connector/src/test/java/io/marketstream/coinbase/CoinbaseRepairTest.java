package io.marketstream.coinbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.FeedTaskHarness;
import io.marketstream.feed.harness.RunningTask;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coinbase.RestRequest;
import io.marketstream.simulator.market.SimMatch;
import io.marketstream.simulator.market.SimMatch.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceTask;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gaps are filled from the simulated venue's history. */
@Timeout(120)
class CoinbaseRepairTest extends FeedTaskHarness {
  private static final String BTC = "BTC-USD";
  private static final String ETH = "ETH-USD";

  /** Trades and heartbeats come only when a test says so. */
  private final CoinbaseSimulator feed =
      CoinbaseSimulator.builder()
          .products(BTC, ETH)
          .seed(20261201)
          .heartbeatPeriod(Duration.ZERO)
          .start();

  CoinbaseRepairTest() {
    super("io.marketstream.coinbase", List.of());
    properties.put("coinbase.products", BTC + "," + ETH);
    properties.put("coinbase.websocket.url", feed.url());
    properties.put("coinbase.rest.url", feed.restUri().toString());
    properties.put("coinbase.repair.requests.per.second", "10");
  }

  @Override
  protected SourceTask newTask() {
    return new CoinbaseSourceTask();
  }

  @Override
  protected void closeFeed() {
    feed.close();
  }

  private RunningTask startSubscribed() {
    RunningTask task = start();
    Awaitility.await()
        .atMost(SOON)
        .until(() -> feed.subscribedSymbols().contains(BTC) && feed.connected() == 1);
    return task;
  }

  /** Loses trades on a healthy connection, and lets the heartbeats say so. */
  private void lose(int count) {
    feed.dropNextMatches(BTC, count);
    feed.trade(BTC, count + 1);
    feed.sendHeartbeats();
  }

  private long newest() {
    return last(feed.history(BTC)).id();
  }

  private static String story(Struct gap) {
    return gap.getString("cause")
        + (gap.get("gap_end") == null ? " open" : " closed")
        + (gap.get("first_missing_id") == null
            ? ""
            : " " + gap.get("first_missing_id") + "-" + gap.get("last_missing_id"))
        + (gap.get("repaired_at") == null ? "" : " repaired");
  }

  private static List<String> stories(RunningTask task) {
    return of(task.gaps(), BTC).stream().map(CoinbaseRepairTest::story).toList();
  }

  private static long repairedGaps(RunningTask task) {
    return stories(task).stream().filter(story -> story.endsWith("repaired")).count();
  }

  private static List<Struct> repaired(RunningTask task) {
    return of(task.ticks(), BTC).stream()
        .filter(tick -> tick.getString("origin").equals("repair"))
        .toList();
  }

  private static List<Long> ids(List<Struct> ticks) {
    return ticks.stream().map(tick -> Long.valueOf(tick.getString("trade_id"))).toList();
  }

  private static List<Long> numbers(List<Struct> ticks) {
    return ticks.stream().map(tick -> tick.getInt64("sequence")).toList();
  }

  private static List<Object> content(Struct tick) {
    return List.of(
        tick.get("trade_id"),
        tick.get("price"),
        tick.get("volume"),
        tick.get("side"),
        ms(tick, "event_time"),
        tick.get("kind"));
  }

  private static List<Object> content(SimMatch trade) {
    return List.of(
        Long.toString(trade.id()),
        trade.price(),
        trade.size(),
        trade.makerSide().opposite().wireName(),
        trade.time().toEpochMilli(),
        "trade");
  }

  /** Live and repaired trades together are what the venue has, and none is there twice. */
  private void assertComplete(List<Struct> ticks, Set<Long> absent) {
    List<Struct> all = new ArrayList<>(ticks);
    all.sort(Comparator.comparingLong(tick -> Long.parseLong(tick.getString("trade_id"))));
    long first = Long.parseLong(all.get(0).getString("trade_id"));
    assertThat(all.stream().map(CoinbaseRepairTest::content).toList())
        .isEqualTo(
            feed.history(BTC).stream()
                .filter(trade -> trade.id() >= first && !absent.contains(trade.id()))
                .map(CoinbaseRepairTest::content)
                .toList());
  }

  private static List<Long> range(long first, long last) {
    List<Long> ids = new ArrayList<>();
    for (long id = first; id <= last; id++) {
      ids.add(id);
    }
    return ids;
  }

  @Test
  void missingTradesComeFromTheHistoryInRisingOrder() {
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    long before = newest();
    lose(40);
    task.await("a repaired gap", t -> repairedGaps(t) == 1);
    String ids = " " + (before + 1) + "-" + (before + 40);
    assertThat(stories(task))
        .containsExactly(
            "VENUE_DROPPED open" + ids,
            "VENUE_DROPPED closed" + ids,
            "VENUE_DROPPED closed" + ids + " repaired");
    assertThat(ids(repaired(task))).isEqualTo(range(before + 1, before + 40));
    assertThat(numbers(repaired(task))).isEqualTo(range(before + 1, before + 40));
    assertThat(sessions(repaired(task))).containsExactly(1L);
    assertComplete(of(task.ticks(), BTC), Set.of());
    assertThat(of(task.gaps(), ETH)).isEmpty();
    assertThat(task.metric("repaired-trades-total")).isEqualTo(40);
    assertThat(task.metric("repairs-pending")).isZero();
  }

  private static Set<Long> sessions(List<Struct> ticks) {
    Set<Long> sessions = new TreeSet<>();
    ticks.forEach(tick -> sessions.add(tick.getInt64("session")));
    return sessions;
  }

  @Test
  void longGapOfAReconnectIsFetchedInPages() {
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    task.await("the newest trade", t -> ids(of(t.ticks(), BTC)).contains(newest()));
    long before = newest();
    feed.dropNextMatches(BTC, 2_500); // while the connection is lost
    feed.trade(BTC, 2_500);
    feed.faults().drop();
    task.await("a repaired gap", t -> repairedGaps(t) == 1);
    assertThat(ids(repaired(task))).isEqualTo(range(before + 1, before + 2_499));
    assertComplete(of(task.ticks(), BTC), Set.of());
    assertThat(feed.restRequests()).hasSize(3);
  }

  @Test
  void severalGapsAreRepairedOneByOne() {
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    for (int gap = 1; gap <= 3; gap++) {
      lose(2 * gap);
      long repairedGaps = gap;
      task.await("a repaired gap", t -> repairedGaps(t) == repairedGaps);
    }
    assertComplete(of(task.ticks(), BTC), Set.of());
  }

  @Test
  void repairWaitsUntilTheVenueShowsTheTrades() {
    feed.delayVisibility(Duration.ofSeconds(4));
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    lose(5);
    task.await("a repaired gap", t -> repairedGaps(t) == 1);
    assertComplete(of(task.ticks(), BTC), Set.of());
    assertThat(stories(task)).noneMatch(story -> story.startsWith("ABSENT"));
  }

  @Test
  void tradesThatTheVenueDoesNotHaveAreNamed() {
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    long before = newest();
    feed.dropNextMatches(BTC, 8);
    feed.trade(BTC, 9);
    Set<Long> absent = Set.of(before + 2, before + 3, before + 8);
    absent.forEach(id -> feed.markAbsent(BTC, id));
    feed.sendHeartbeats();
    task.await("a repaired gap", t -> t.gaps().size() == 5);
    String ids = " " + (before + 1) + "-" + (before + 8);
    assertThat(stories(task))
        .containsExactly(
            "VENUE_DROPPED open" + ids,
            "VENUE_DROPPED closed" + ids,
            "ABSENT_AT_VENUE closed " + (before + 2) + "-" + (before + 3) + " repaired",
            "ABSENT_AT_VENUE closed " + (before + 8) + "-" + (before + 8) + " repaired",
            "VENUE_DROPPED closed" + ids + " repaired");
    assertThat(ids(repaired(task)))
        .containsExactly(before + 1, before + 4, before + 5, before + 6, before + 7);
    Struct named = of(task.gaps(), BTC).get(2);
    assertThat(named.getInt64("first_missing")).isEqualTo(before + 2);
    assertThat(named.getInt64("session_before")).isEqualTo(1);
    assertThat(named.getString("detail")).contains("history does not have");
    assertComplete(of(task.ticks(), BTC), absent);
    assertThat(task.metric("absent-trades-total")).isEqualTo(3);
  }

  @Test
  void tradeThatTheVenueDescribesWronglyIsNamed() {
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    long before = newest();
    feed.dropNextMatches(BTC, 2);
    feed.trade(BTC, 2);
    feed.trade(BTC, Side.BUY, "83335.51", "0"); // rejected live, and the same in the history
    feed.trade(BTC, 1);
    long wrong = before + 3;
    feed.sendHeartbeats();
    task.await("a repaired gap", t -> repairedGaps(t) == 2);
    String ids = " " + (before + 1) + "-" + wrong;
    assertThat(stories(task))
        .containsExactly(
            "VENUE_DROPPED open" + ids,
            "VENUE_DROPPED closed" + ids,
            "ABSENT_AT_VENUE closed " + wrong + "-" + wrong + " repaired",
            "VENUE_DROPPED closed" + ids + " repaired");
    assertThat(ids(repaired(task))).containsExactly(before + 1, before + 2);
    Struct named = of(task.gaps(), BTC).get(2);
    assertThat(named.getInt64("first_missing")).isEqualTo(wrong);
    assertThat(named.getString("detail"))
        .isEqualTo(
            "the venue's row of this trade is unusable (INVALID_DECIMAL: 'size' is not positive)");
    assertComplete(of(task.ticks(), BTC), Set.of(wrong));
    assertThat(log.lines()).anyMatch(line -> line.contains("unusable (INVALID_DECIMAL"));
    assertThat(task.metric("absent-trades-total")).isEqualTo(1);
    assertThat(task.metric("repairs-pending")).isZero();
  }

  @Test
  void errorsOfTheVenueDelayTheRepairOnly() {
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    feed.rateLimitNext(2);
    feed.failRest(1, 502);
    lose(5);
    feed.trade(BTC, 20);
    task.await("the newest trade", t -> ids(of(t.ticks(), BTC)).contains(newest()));
    assertThat(repaired(task)).as("the repair still waits").isEmpty();
    task.await("a repaired gap", t -> repairedGaps(t) == 1);
    assertComplete(of(task.ticks(), BTC), Set.of());
    List<RestRequest> requests = feed.restRequests();
    assertThat(requests).extracting(RestRequest::status).containsExactly(429, 429, 502, 200);
    for (int i = 1; i < requests.size(); i++) {
      long doubled = 1_000L << (i - 1);
      assertThat(requests.get(i).atMs() - requests.get(i - 1).atMs())
          .as("half of the backoff or more")
          .isGreaterThanOrEqualTo(doubled / 2 - 20);
    }
    assertThat(task.metric("repair-failures-total")).isEqualTo(3);
  }

  @Test
  void killInTheMiddleOfARepairContinuesAfterTheLastPage() throws Exception {
    properties.put("coinbase.repair.requests.per.second", "1");
    RunningTask first = startSubscribed();
    feed.trade(BTC, 3);
    first.await("the newest trade", t -> ids(of(t.ticks(), BTC)).contains(newest()));
    long before = newest();
    feed.dropNextMatches(BTC, 1_500);
    feed.trade(BTC, 1_501);
    feed.sendHeartbeats();
    first.await("the first half of a page", t -> repaired(t).size() >= 500);
    RunningTask.Offsets inThePage = offsets.copy();
    first.await("the first page", t -> repaired(t).size() == 1_000);
    RunningTask.Offsets afterThePage = offsets.copy();
    first.await("a repaired gap", t -> repairedGaps(t) == 1);
    first.stop();
    RunningTask second = start(properties, afterThePage, false);
    second.await("the rest of the repair", CoinbaseRepairTest::venueGapIsRepaired);
    second.stop();
    assertThat(ids(repaired(second))).isEqualTo(range(before + 1_001, before + 1_500));
    RunningTask third = start(properties, inThePage, false);
    third.await("the repair again", CoinbaseRepairTest::venueGapIsRepaired);
    assertThat(ids(repaired(third)))
        .endsWith(range(before + 1_001, before + 1_500).toArray(Long[]::new));
    assertThat(numbered(repaired(first))).containsAll(numbered(repaired(second)));
    assertThat(numbered(repaired(first))).containsAll(numbered(repaired(third)));
    assertComplete(of(first.ticks(), BTC), Set.of());
  }

  private static boolean venueGapIsRepaired(RunningTask task) {
    return stories(task).stream()
        .anyMatch(story -> story.startsWith("VENUE_DROPPED") && story.endsWith("repaired"));
  }

  private static boolean restartGapIsClosed(RunningTask task) {
    return stories(task).stream().anyMatch(story -> story.startsWith("TASK_RESTART closed"));
  }

  private static List<String> numbered(List<Struct> ticks) {
    return ticks.stream()
        .map(
            tick ->
                tick.getInt64("session") + "/" + tick.getInt64("sequence") + "=" + content(tick))
        .toList();
  }

  @Test
  void gapThatWaitsForItsRepairSurvivesARestart() throws Exception {
    feed.rateLimitNext(1_000);
    RunningTask first = startSubscribed();
    feed.trade(BTC, 3);
    lose(7);
    first.await("both records of the gap", t -> of(t.gaps(), BTC).size() == 2);
    first.stop();
    assertThat(repaired(first)).isEmpty();
    feed.healRest();
    RunningTask second = start();
    second.await("a repaired gap", CoinbaseRepairTest::venueGapIsRepaired);
    List<Struct> ticks = new ArrayList<>(of(first.ticks(), BTC));
    ticks.addAll(of(second.ticks(), BTC));
    assertComplete(ticks, Set.of());
    second.stop();
    RunningTask third = start();
    third.await("the gap of the restart", CoinbaseRepairTest::restartGapIsClosed);
    third.stop();
    assertThat(stories(third)).noneMatch(story -> story.startsWith("VENUE_DROPPED"));
  }

  @Test
  void gapBeyondTheLimitKeepsItsNewestTrades() {
    properties.put("coinbase.repair.max.trades", "6");
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    long before = newest();
    lose(10);
    task.await("three records of the gap", t -> of(t.gaps(), BTC).size() == 3);
    assertThat(last(stories(task)))
        .isEqualTo("VENUE_DROPPED closed " + (before + 7) + "-" + (before + 10));
    assertThat(ids(repaired(task))).isEqualTo(range(before + 1, before + 6));
    assertThat(task.metric("repairs-pending")).isZero();
  }

  @Test
  void brokenRestDoesNotDelayLiveTrades() {
    properties.put("coinbase.rest.url", "http://127.0.0.1:1");
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    lose(5);
    feed.trade(BTC, 100);
    task.await("the newest trade", t -> ids(of(t.ticks(), BTC)).contains(newest()));
    assertThat(repaired(task)).isEmpty();
    Awaitility.await()
        .atMost(SOON)
        .until(() -> log.lines().stream().anyMatch(line -> line.contains("cannot be read")));
    assertThat(task.metric("repairs-pending")).isEqualTo(1);
  }

  @Test
  void tradesThatAFullBufferDroppedAreFetchedAgain() {
    properties.put("buffer.max.records", "50");
    properties.put("buffer.overflow.policy", "drop_oldest");
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    task.await("the newest trade", t -> ids(of(t.ticks(), BTC)).contains(newest()));
    long before = task.metric("ticks-total");
    task.pause();
    feed.trade(BTC, 200);
    Awaitility.await().atMost(SOON).until(() -> task.metric("ticks-total") == before + 200);
    // Not always 150: a poll that was running may have taken the first ones.
    int dropped = (int) task.metric("dropped-ticks-total");
    assertThat(dropped).isPositive();
    task.resume();
    task.await("a repaired gap", t -> repairedGaps(t) == 1);
    assertThat(last(stories(task))).startsWith("OVERFLOW closed");
    assertThat(repaired(task)).hasSize(dropped);
    assertComplete(of(task.ticks(), BTC), Set.of());
  }

  @Test
  void withoutRepairTheGapStays() {
    properties.put("coinbase.repair.enabled", "false");
    RunningTask task = startSubscribed();
    feed.trade(BTC, 3);
    lose(5);
    task.await("both records of the gap", t -> of(t.gaps(), BTC).size() == 2);
    feed.trade(BTC, 1);
    task.await("the newest trade", t -> ids(of(t.ticks(), BTC)).contains(newest()));
    assertThat(feed.restRequests()).isEmpty();
    assertThat(task.metric("repairs-pending")).isZero();
  }
}
