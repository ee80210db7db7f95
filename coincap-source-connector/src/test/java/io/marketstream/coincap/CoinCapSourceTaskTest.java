package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.FeedTaskHarness;
import io.marketstream.feed.harness.RunningTask;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.fault.HostileFrames;
import io.marketstream.simulator.fault.RawFrame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceTask;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the real task against the simulated feed. */
@Timeout(60)
class CoinCapSourceTaskTest extends FeedTaskHarness {

  private static final String KEY = "k3y-that/must not&leak";

  private final CoinCapSimulator feed = CoinCapSimulator.builder().apiKeys(KEY).start();

  CoinCapSourceTaskTest() {
    super("io.marketstream.coincap", List.of("k3y-that"));
    properties.put("coincap.api.key", KEY);
    properties.put("coincap.assets", "bitcoin,ethereum");
    properties.put("coincap.websocket.url", feed.url());
  }

  @Override
  protected SourceTask newTask() {
    return new CoinCapSourceTask();
  }

  @Override
  protected void closeFeed() {
    feed.close();
  }

  private void awaitConnection(long number) {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> feed.connectionCount() >= number && feed.connected() == 1);
  }

  private void send(String... slugsAndPrices) {
    LinkedHashMap<String, String> prices = new LinkedHashMap<>();
    for (int i = 0; i < slugsAndPrices.length; i += 2) {
      prices.put(slugsAndPrices[i], slugsAndPrices[i + 1]);
    }
    feed.sendPrices(prices);
  }

  private static List<List<Object>> content(List<Struct> ticks) {
    return ticks.stream()
        .map(t -> List.of(t.get("symbol"), t.get("price"), t.get("sequence")))
        .toList();
  }

  private List<List<Object>> sent() {
    return feed.sent().stream()
        .map(t -> List.<Object>of(t.symbol(), t.price(), t.sequence()))
        .toList();
  }

  @Test
  void everyPriceArrivesAsSent() {
    RunningTask task = start();
    awaitConnection(1);
    send("bitcoin", "6389.06534240", "ethereum", "192.93111286");
    send("bitcoin", "0.0000000000000000001234567");
    send("bitcoin", "0.0000000000000000001234567");
    task.await("four ticks", t -> t.ticks().size() == 4);
    assertThat(content(task.ticks())).isEqualTo(sent());
    assertThat(task.ticks())
        .allSatisfy(
            tick -> {
              assertThat(tick.getString("kind")).isEqualTo("price");
              assertThat(tick.get("volume")).isNull();
              assertThat(tick.get("conditions")).isNull();
              assertThat(tick.get("event_time")).isEqualTo(tick.get("received_at"));
            });
    assertThat(feed.handshakes().get(0).query())
        .containsEntry("assets", "bitcoin,ethereum")
        .containsEntry("apiKey", KEY);
    assertThat(task.gaps()).isEmpty();
  }

  @Test
  void wrongKeyFailsTheTaskAfterItsGaps() {
    properties.put("coincap.api.key", "wrong-k3y-that");
    RunningTask task = start();
    assertThat(task.awaitFailure())
        .hasMessageContaining("Unauthorized")
        .hasMessageContaining("coincap.api.key");
    assertThat(task.gaps())
        .hasSize(2)
        .extracting(gap -> gap.getString("cause"))
        .containsOnly("UNAUTHORIZED");
    assertThat(task.ticks()).isEmpty();
    assertThat(feed.connectionCount()).as("no second attempt").isEqualTo(1);
  }

  /**
   * Tests lengths around the limit at which messages are cut. The harness finds anything that
   * leaks.
   */
  @ParameterizedTest
  @ValueSource(ints = {165, 177, 183, 265, 277, 283, 1_000})
  void keyInARefusalIsMaskedBeforeTheCut(int before) {
    RunningTask task = start();
    awaitConnection(1);
    feed.sendRaw("Unauthorized " + "x".repeat(before) + KEY);
    assertThat(task.awaitFailure()).hasMessageContaining("Unauthorized xxx");
    assertThat(task.gaps()).hasSize(2);
  }

  @Test
  void aKeyWithdrawnWhileConnectedFailsTheTaskToo() {
    RunningTask task = start();
    awaitConnection(1);
    send("bitcoin", "1");
    task.await("a tick", t -> t.ticks().size() == 1);
    feed.faults().unauthorized();
    assertThat(task.awaitFailure()).hasMessageContaining("coincap.api.key");
    assertThat(task.gaps())
        .hasSize(2)
        .allSatisfy(
            gap -> {
              assertThat(gap.getString("cause")).isEqualTo("UNAUTHORIZED");
              assertThat(ms(gap, "gap_start")).isEqualTo(ms(task.ticks().get(0), "received_at"));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"drop", "close", "stall", "no pong"})
  void anOutageOfEverythingIsOneGapExplainedByTime(String fault) {
    properties.put("coincap.assets", "ALL");
    properties.put("idle.timeout.ms", fault.equals("stall") ? "3000" : "30000");
    properties.put("ping.interval.ms", fault.equals("no pong") ? "1500" : "0");
    RunningTask task = start();
    awaitConnection(1);
    send("bitcoin", "1", "monero", "2");
    task.await("two ticks", t -> t.ticks().size() == 2);
    switch (fault) {
      case "drop" -> feed.faults().drop();
      case "close" -> feed.faults().close(1012, "");
      case "stall" -> feed.faults().stall();
      default -> feed.faults().stall(false);
    }
    awaitConnection(2);
    task.await("the open record", t -> t.gaps().size() == 1);
    send("bitcoin", "3");
    task.await("the tick after it", t -> t.ticks().size() == 3);

    assertThat(task.gaps()).hasSize(2);
    Struct open = task.gaps().get(0);
    Struct closed = task.gaps().get(1);
    assertThat(open.getString("symbol")).isEqualTo("*");
    assertThat(open.getInt64("first_missing")).isZero();
    assertThat(open.getString("cause"))
        .isEqualTo(
            switch (fault) {
              case "close" -> "SERVER_CLOSED";
              case "stall" -> "STALLED";
              default -> "CONNECTION_LOST";
            });
    assertThat(ms(open, "gap_start")).isEqualTo(ms(task.ticks().get(1), "received_at"));
    assertThat(closed.get("gap_start")).isEqualTo(open.get("gap_start"));
    assertThat(closed.get("session_before")).isEqualTo(open.get("session_before"));
    assertThat(ms(closed, "gap_end")).isEqualTo(ms(task.ticks().get(2), "received_at"));
    assertThat(closed.get("session_after")).isEqualTo(task.ticks().get(2).get("session"));
  }

  @Test
  void aRestartOfEverythingIsOneGapToo() throws Exception {
    properties.put("coincap.assets", "ALL");
    RunningTask first = start();
    awaitConnection(1);
    send("bitcoin", "1", "monero", "2");
    first.await("two ticks", t -> t.ticks().size() == 2);
    first.stop();
    assertThat(offsets.of("coincap", "*")).containsEntry("sequence", -1L);

    RunningTask second = start();
    awaitConnection(2);
    send("monero", "3");
    second.await("both records and the tick", t -> t.gaps().size() == 2 && t.ticks().size() == 1);
    assertThat(second.gaps())
        .allSatisfy(
            gap -> {
              assertThat(gap.getString("symbol")).isEqualTo("*");
              assertThat(gap.getString("cause")).isEqualTo("TASK_RESTART");
              assertThat(gap.get("session_before")).isEqualTo(first.ticks().get(0).get("session"));
              assertThat(ms(gap, "gap_start")).isEqualTo(ms(first.ticks().get(0), "received_at"));
            });
    assertThat(content(second.ticks())).containsExactly(List.of("monero", "3", 0L));
  }

  @Test
  void anOverflowNamesTheRealAsset() throws Exception {
    properties.put("coincap.assets", "ALL");
    properties.put("buffer.max.records", "20");
    properties.put("buffer.overflow.policy", "drop_oldest");
    RunningTask task = startPaused();
    awaitConnection(1);
    for (int i = 0; i < 50; i++) {
      send("bitcoin", "" + i, "monero", "1");
    }
    task.await("all of it read", t -> t.metric("ticks-total") == 100);
    task.resume();
    task.await("the records of the episode", t -> t.gaps().size() == 2);
    assertThat(task.gaps())
        .extracting(gap -> gap.getString("symbol"), gap -> gap.getInt64("dropped"))
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("bitcoin", 40L),
            org.assertj.core.groups.Tuple.tuple("monero", 40L));
    assertThat(task.ticks()).hasSize(20);
  }

  @Test
  void hostileFramesAreRejected() {
    RunningTask task = start();
    awaitConnection(1);
    List<RawFrame> hostile =
        HostileFrames.byName().values().stream().map(frame -> frame.get()).toList();
    hostile.forEach(feed::sendRaw);
    send("bitcoin", "1");
    task.await("the tick after them", t -> t.ticks().size() == 1);
    assertThat(task.rejects()).hasSizeGreaterThanOrEqualTo(hostile.size());
    assertThat(feed.connectionCount()).isEqualTo(1);
    assertThat(task.gaps()).isEmpty();
  }

  @Test
  void stoppingClosesTheConnectionSoon() throws Exception {
    RunningTask task = start();
    awaitConnection(1);
    send("bitcoin", "1");
    task.await("a tick", t -> t.ticks().size() == 1);
    assertThat(task.stop()).isLessThan(Duration.ofSeconds(10));
    feed.awaitConnected(0, SOON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ALL,bitcoin", "bitcoin,ALL"})
  void aChangeBetweenAListAndEverythingIsAGap(String change) throws Exception {
    properties.put("heartbeat.interval.ms", "100");
    properties.put("coincap.assets", change.split(",", -1)[0]);
    RunningTask first = start();
    awaitConnection(1);
    send("bitcoin", "1");
    first.await("a tick", t -> t.ticks().size() == 1);
    long session = first.ticks().get(0).getInt64("session");
    first.await(
        "a heartbeat that knows of the tick",
        t -> t.heartbeats().stream().anyMatch(beat -> beat.get("last_tick_at") != null));
    first.stop();

    properties.put("coincap.assets", change.split(",", -1)[1]);
    RunningTask second = start();
    second.await("the gap of the restart", t -> t.gaps().size() >= 1);
    Struct gap = second.gaps().get(0);
    assertThat(gap.getString("symbol")).isEqualTo(change.startsWith("ALL") ? "bitcoin" : "*");
    assertThat(gap.getString("cause")).isEqualTo("TASK_RESTART");
    assertThat(gap.getInt64("session_before")).isEqualTo(session);
    assertThat(gap.getInt64("first_missing")).isZero();
    // It is earlier if the offset was made before the tick was acknowledged. It is never later.
    assertThat(ms(gap, "gap_start")).isBetween(session, ms(first.ticks().get(0), "received_at"));
    awaitConnection(2);
    send("bitcoin", "2");
    second.await("its end", t -> t.gaps().size() == 2 && t.ticks().size() == 1);
    assertThat(second.ticks().get(0).getInt64("session")).isGreaterThan(session);
  }
}
