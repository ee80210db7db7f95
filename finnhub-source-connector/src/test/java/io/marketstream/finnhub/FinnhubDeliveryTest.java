package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.marketstream.feed.harness.RunningTask;
import io.marketstream.simulator.fault.HostileFrames;
import io.marketstream.simulator.fault.RawFrame;
import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.market.SimTrade;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which ticks and rejects arrive. */
@Timeout(60)
class FinnhubDeliveryTest extends FinnhubTaskHarness {

  /** A tick as it was sent. */
  private record Wire(
      String symbol,
      String price,
      String volume,
      List<String> conditions,
      long eventTime,
      long sequence) {

    static Wire of(Struct tick) {
      return new Wire(
          tick.getString("symbol"),
          tick.getString("price"),
          tick.getString("volume"),
          tick.getArray("conditions"),
          ms(tick, "event_time"),
          tick.getInt64("sequence"));
    }

    static Wire of(SentTick tick) {
      return new Wire(
          tick.symbol(),
          tick.price(),
          tick.volume(),
          tick.conditions(),
          tick.eventTimeMs(),
          tick.sequence());
    }
  }

  @Test
  void everyTickArrivesAsSent() throws Exception {
    RunningTask task = start();
    awaitSubscribed();
    long now = System.currentTimeMillis();
    SimTrade twin = SimTrade.of("AAPL", "164.0601", "5", now, "1", "8", "24", "12");
    feed.send(List.of(twin, twin, SimTrade.withNullConditions(BTC, "66972.77", "0.00008", now)));
    feed.send(
        List.of(
            SimTrade.withoutConditions(BTC, "0.1234567890123456789", "0", now - 1_000),
            SimTrade.of("AAPL", "164", "100", now - 5)));
    feed.sendPing();
    feed.send(List.of(SimTrade.of("AAPL", "164.0600", "1", now - 90_000, "1")));

    task.await("six ticks", t -> t.ticks().size() == 6);

    assertThat(task.ticks().stream().map(Wire::of))
        .containsExactlyElementsOf(feed.sent().stream().map(Wire::of).toList());
    assertThat(task.ticks()).extracting(tick -> tick.getString("kind")).contains("price", "trade");
    assertThat(of(task.ticks(), BTC).get(1).getString("kind")).isEqualTo("price");
    assertThat(task.ticks()).extracting(tick -> tick.get("session")).hasSameSizeAs(task.ticks());
    assertThat(Set.copyOf(task.ticks().stream().map(tick -> tick.get("session")).toList()))
        .hasSize(1);
    assertThat(task.gaps()).isEmpty();
    assertThat(task.rejects()).isEmpty();
    assertThat(task.records()).extracting(SourceRecord::key).contains("AAPL", BTC);
  }

  @Test
  void pingsOfTheFeedAreSignsOfLife() throws Exception {
    properties.put("idle.timeout.ms", "2000");
    start();
    awaitSubscribed();
    for (int i = 0; i < 15; i++) {
      Thread.sleep(200);
      feed.sendPing();
    }
    assertThat(feed.connectionCount()).isEqualTo(1);
  }

  @Test
  void unpolledTaskLosesNothingItHadReceived() throws Exception {
    properties.put("buffer.max.records", "100");
    properties.put("buffer.block.ms", "300");
    RunningTask task = startPaused();
    awaitSubscribed();
    for (int i = 0; i < 60; i++) {
      feed.send(Collections.nCopies(10, trade("AAPL", "" + i)));
    }
    feed.awaitConnected(0, SOON);
    assertThat(feed.connectionCount()).as("no reconnect before it is half empty").isEqualTo(1);
    task.resume();
    awaitSubscribedAgain(2);
    feed.send(List.of(trade("AAPL", "1000")));
    task.await("the closing records", t -> t.gaps().size() == 4);
    task.await("the tick after it", t -> price(last(t.ticks())).equals("1000"));

    List<Struct> received = task.ticks().subList(0, task.ticks().size() - 1);
    assertThat(received).hasSizeBetween(100, 120);
    assertThat(received.stream().map(Wire::of))
        .containsExactlyElementsOf(
            feed.sent().subList(0, received.size()).stream().map(Wire::of).toList());
    Struct open = of(task.gaps(), "AAPL").get(0);
    assertThat(open.getString("cause")).isEqualTo("BACKPRESSURE");
    assertThat(open.getInt64("first_missing")).isEqualTo(received.size());
    assertThat(ms(open, "gap_start")).isLessThanOrEqualTo(ms(last(received), "received_at"));
    assertThat(ms(of(task.gaps(), "AAPL").get(1), "gap_end"))
        .isEqualTo(ms(last(task.ticks()), "received_at"));
  }

  @Test
  void gapRecordsCountTheDroppedTicks() throws Exception {
    properties.put("buffer.max.records", "50");
    properties.put("buffer.overflow.policy", "drop_oldest");
    RunningTask task = startPaused();
    awaitSubscribed();
    for (int i = 0; i < 50; i++) {
      feed.send(List.of(trade("AAPL", "1"), trade(BTC, "2"), trade("AAPL", "3"), trade(BTC, "4")));
    }
    Awaitility.await().atMost(SOON).until(() -> task.metric("ticks-total") == 200);
    task.resume();
    feed.send(List.of(trade("AAPL", "1000")));
    task.await(
        "the last tick and the records of the episode",
        t -> t.gaps().size() == 2 && t.ticks().stream().anyMatch(x -> price(x).equals("1000")));

    assertThat(task.gaps()).hasSize(2).allSatisfy(this::isOverflow);
    for (String symbol : List.of("AAPL", BTC)) {
      long sent = feed.sent().stream().filter(tick -> tick.symbol().equals(symbol)).count();
      Set<Long> holes = new TreeSet<>(LongStream.range(0, sent).boxed().toList());
      of(task.ticks(), symbol).forEach(tick -> holes.remove(tick.getInt64("sequence")));
      Struct gap = of(task.gaps(), symbol).get(0);
      assertThat(holes).as(symbol).isNotEmpty();
      assertThat(gap.getInt64("dropped")).isEqualTo(holes.size());
      assertThat(gap.getInt64("first_missing")).isEqualTo(holes.iterator().next());
    }
    assertThat(feed.connectionCount()).isEqualTo(1);
  }

  private void isOverflow(Struct gap) {
    assertThat(gap.getString("cause")).isEqualTo("OVERFLOW");
    assertThat(gap.getInt64("session_after")).isEqualTo(gap.getInt64("session_before"));
    assertThat(gap.get("gap_end")).isNotNull();
  }

  @Test
  void hostileFramesAreRejected() throws Exception {
    RunningTask task = start();
    awaitSubscribed();
    List<RawFrame> hostile =
        HostileFrames.byName().values().stream().map(frame -> frame.get()).toList();
    hostile.forEach(feed::sendRaw);
    feed.send(List.of(trade("AAPL", "1")));
    task.await("the tick after them", t -> t.ticks().size() == 1);
    assertThat(task.rejects()).hasSize(hostile.size());
    assertThat(task.rejects())
        .extracting(reject -> reject.getString("reason"))
        .contains(
            "INVALID_JSON",
            "NOT_UTF8",
            "BINARY_FRAME",
            "FRAME_TOO_LARGE",
            "UNKNOWN_TYPE",
            "INVALID_DECIMAL");
    assertThat(feed.connectionCount()).isEqualTo(1);
    assertThat(task.gaps()).isEmpty();
  }

  @Test
  void refusedSubscriptionIsAGapOfItsSymbol() throws Exception {
    properties.put("finnhub.symbols", "AAPL," + BTC + ",MSFT");
    feed.setInvalidSymbols(Set.of("AAPL"));
    RunningTask task = start();
    feed.awaitSubscribed(List.of(BTC, "MSFT"), SOON);
    feed.send(List.of(trade(BTC, "1")));
    feed.sendError("Subscribing to too many symbols, " + TOKEN);
    feed.sendError("Something else, " + TOKEN);
    task.await("the tick", t -> t.ticks().size() == 1 && t.rejects().size() == 3);
    assertThat(task.rejects())
        .extracting(reject -> reject.getString("reason"), reject -> reject.getString("detail"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("FEED_ERROR", "Invalid symbol AAPL"),
            org.assertj.core.groups.Tuple.tuple(
                "FEED_ERROR", "Subscribing to too many symbols, ***"),
            org.assertj.core.groups.Tuple.tuple("FEED_ERROR", "Something else, ***"));
    long session = task.ticks().get(0).getInt64("session");
    assertThat(task.gaps())
        .hasSize(2)
        .allSatisfy(
            gap -> {
              assertThat(gap.getString("cause")).isEqualTo("SUBSCRIPTION_REFUSED");
              assertThat(gap.get("gap_end")).isNull();
              assertThat(gap.getInt64("session_before")).isEqualTo(session);
              assertThat(ms(gap, "gap_start")).isEqualTo(session);
            });
    assertThat(of(task.gaps(), "AAPL").get(0).getString("detail")).isEqualTo("Invalid symbol AAPL");
    assertThat(of(task.gaps(), "MSFT").get(0).getString("detail"))
        .isEqualTo(
            "Subscribing to too many symbols, ***;"
                + " the feed named no symbol: inferred from the order of the subscriptions");
    assertThat(log.lines(Level.WARN))
        .anyMatch(
            line -> line.contains("AAPL is refused: Invalid symbol AAPL; next attempt in 60 s"));
    assertThat(task.metric("subscriptions-refused")).isEqualTo(2);
    assertThat(task.metric("subscriptions-refused-total")).isEqualTo(2);
    assertThat(feed.connectionCount()).isEqualTo(1);

    task.stop();
    RunningTask restarted = start();
    Awaitility.await().atMost(SOON).until(() -> feed.connectionCount() == 2);
    feed.awaitSubscribed(List.of(BTC, "MSFT"), SOON);
    Thread.sleep(1_100);
    feed.send(List.of(trade(BTC, "2")));
    restarted.await("the gap of the restart", t -> of(t.gaps(), BTC).size() == 2);
    assertThat(of(restarted.gaps(), "AAPL")).as("still open and already recorded").isEmpty();
    feed.send(List.of(trade("AAPL", "2")));
    restarted.await("the closing record", t -> of(t.gaps(), "AAPL").size() == 1);
    Struct closed = of(restarted.gaps(), "AAPL").get(0);
    assertThat(closed.getString("cause")).isEqualTo("SUBSCRIPTION_REFUSED");
    assertThat(closed.get("gap_start")).isEqualTo(of(task.gaps(), "AAPL").get(0).get("gap_start"));
    assertThat(closed.get("gap_end")).isNotNull();
  }

  /**
   * Tests lengths around the limit at which texts are cut. The harness finds anything that leaks.
   */
  @Test
  void tokenInAFrameIsMaskedInEverySpelling() throws Exception {
    RunningTask task = start();
    awaitSubscribed();
    String escaped = TOKEN.replace("/", "\\/");
    int sent = 0;
    for (int before : List.of(150, 165, 177, 183, 277, 1_010, 1_020)) {
      String x = "x".repeat(before);
      feed.sendError(x + TOKEN);
      feed.sendRaw("{\"msg\":\"" + x + escaped + "\",\"type\":\"error\"}");
      feed.sendRaw(x + TOKEN.substring(0, TOKEN.length() - 2));
      feed.sendBytes((x + TOKEN).getBytes(StandardCharsets.UTF_8));
      sent += 4;
    }
    int all = sent;
    task.await("the rejects", t -> t.rejects().size() == all);
    String hexOfToken = HexFormat.of().formatHex("t0ken-that".getBytes(StandardCharsets.UTF_8));
    assertThat(task.rejects())
        .allSatisfy(
            reject ->
                assertThat(reject.getString("input")).contains("***").doesNotContain(hexOfToken));
  }

  @Test
  void unencryptedFeedIsAWarning() throws Exception {
    start();
    awaitSubscribed();
    assertThat(log.lines(Level.WARN))
        .hasSize(1)
        .first()
        .satisfies(line -> assertThat(line).contains("not encrypted", "finnhub.token"));
  }
}
