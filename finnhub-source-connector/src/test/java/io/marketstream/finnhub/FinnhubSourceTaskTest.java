package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.marketstream.feed.harness.ConnectProxy;
import io.marketstream.feed.harness.RunningTask;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.fault.HostileFrames;
import io.marketstream.simulator.fault.RawFrame;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.market.SimTrade;
import io.marketstream.simulator.server.HandshakeAttempt;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real task against the simulated feed. No test may let the token out: see {@link #close}. */
@Timeout(60)
class FinnhubSourceTaskTest {

  private static final String TOKEN = "t0ken-that/must not&leak";
  private static final String BTC = "BINANCE:BTCUSDT";
  private static final String PROXY_PASSWORD = "pr0xy-s3cret";
  private static final String PROXY_AUTHORIZATION =
      "Basic "
          + Base64.getEncoder()
              .encodeToString(("us:" + PROXY_PASSWORD).getBytes(StandardCharsets.UTF_8));
  private static final Duration SOON = Duration.ofSeconds(20);

  private final CapturedLog log = new CapturedLog("io.marketstream.finnhub");
  private final RunningTask.Offsets offsets = new RunningTask.Offsets();
  private final List<RunningTask> tasks = new ArrayList<>();
  private final Map<String, String> properties = new HashMap<>();
  private FinnhubSimulator feed;

  @BeforeEach
  void startFeed() {
    feed = FinnhubSimulator.builder().tokens(TOKEN).pingInterval(Duration.ZERO).start();
    properties.put("finnhub.token", TOKEN);
    properties.put("finnhub.symbols", "AAPL," + BTC);
    properties.put("finnhub.websocket.url", feed.url());
    properties.put("finnhub.subscribe.interval.ms", "5");
    properties.put("heartbeat.interval.ms", "0"); // for tests of heartbeats to switch on
    properties.put("reconnect.backoff.ms", "20");
    properties.put("reconnect.backoff.max.ms", "50");
  }

  @AfterEach
  void close() throws InterruptedException {
    StringBuilder seen = new StringBuilder();
    for (RunningTask task : tasks) {
      task.stop();
      if (task.failure() != null) {
        StringWriter trace = new StringWriter();
        task.failure().printStackTrace(new PrintWriter(trace));
        seen.append(trace);
      }
      task.records().forEach(seen::append);
    }
    feed.close();
    log.close();
    log.lines().forEach(seen::append);
    assertThat(seen.toString())
        .as("log at every level, exceptions, records and offsets")
        .doesNotContain(TOKEN)
        .doesNotContain("t0ken-that")
        .doesNotContain(PROXY_PASSWORD)
        .doesNotContain(PROXY_AUTHORIZATION.substring("Basic ".length()));
  }

  private RunningTask start() {
    RunningTask task = new RunningTask(new FinnhubSourceTask(), properties, offsets);
    tasks.add(task);
    return task;
  }

  private RunningTask startPaused() {
    RunningTask task = new RunningTask(new FinnhubSourceTask(), properties, offsets, true);
    tasks.add(task);
    return task;
  }

  private void awaitSubscribed() throws Exception {
    feed.awaitSubscribed(List.of("AAPL", BTC), SOON);
  }

  private SimTrade trade(String symbol, String price) {
    return SimTrade.of(symbol, price, "5", System.currentTimeMillis(), "1", "12");
  }

  private static long ms(Struct value, String field) {
    return ((Date) value.get(field)).getTime();
  }

  /** A tick as the wire has it. */
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

  private static List<Struct> of(List<Struct> values, String symbol) {
    return values.stream().filter(value -> value.getString("symbol").equals(symbol)).toList();
  }

  @Test
  void aProxyThatRefusesUsIsOneWarningAndTriedAgainUntilItLetsUsIn() throws Exception {
    URI direct = URI.create(feed.url());
    try (ConnectProxy proxy =
        new ConnectProxy(
            direct.getPort(), ConnectProxy.says("HTTP/1.1 407 Proxy Authentication Required"))) {
      properties.put("proxy.url", proxy.url());
      properties.put("proxy.user", "us");
      properties.put("proxy.password", PROXY_PASSWORD);
      RunningTask task = start();
      task.await("a gap for each symbol", t -> t.gaps().size() == 2);
      task.await("some attempts", t -> proxy.requests().size() >= 3);
      assertThat(log.lines(Level.WARN))
          .filteredOn(line -> line.contains("the proxy"))
          .singleElement()
          .asString()
          .contains(
              "CONNECTION_LOST, the proxy " + proxy.address() + " refused us (HTTP 407)",
              "check proxy.user and proxy.password",
              "reconnecting until it works");

      proxy.nowAnswer(ConnectProxy.opensWith(PROXY_AUTHORIZATION));
      awaitSubscribed();
      feed.send(List.of(trade("AAPL", "1.5")));
      task.await("a tick", t -> t.ticks().size() == 1);
      assertThat(task.failure()).isNull();
      assertThat(String.join("", proxy.requests())).doesNotContain("t0ken-that");
    }
  }

  @Test
  void everyTickArrivesAsItWasSentNumberedWithoutHoles() throws Exception {
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

  @ParameterizedTest
  @ValueSource(strings = {"drop", "reset", "close", "stall"})
  void anOutageIsOneGapPerSymbolOpenedAndClosedUnderOneIdentity(String fault) throws Exception {
    properties.put("idle.timeout.ms", fault.equals("stall") ? "3000" : "30000");
    RunningTask task = start();
    awaitSubscribed();
    feed.send(List.of(trade("AAPL", "1"), trade("AAPL", "2"), trade("AAPL", "3")));
    task.await("three ticks", t -> t.ticks().size() == 3);
    final long lastFrame = ms(task.ticks().get(2), "received_at");
    final long before = task.ticks().get(2).getInt64("session");

    switch (fault) {
      case "drop" -> feed.faults().drop();
      case "reset" -> feed.faults().reset();
      case "close" -> feed.faults().close(1001, "maintenance");
      default -> feed.faults().stall();
    }
    task.await("the open records", t -> t.gaps().size() == 2);
    awaitSubscribedAgain(2);
    feed.send(List.of(trade(BTC, "4"), trade("AAPL", "5")));
    task.await("the ticks after it", t -> t.ticks().size() == 5);

    String cause =
        switch (fault) {
          case "close" -> "SERVER_CLOSED";
          case "stall" -> "STALLED";
          default -> "CONNECTION_LOST";
        };
    Struct first = task.ticks().get(3);
    assertThat(first.getInt64("session")).isGreaterThan(before);
    assertThat(first.getInt64("sequence")).isZero();
    assertThat(task.gaps()).hasSize(4);
    for (String symbol : List.of("AAPL", BTC)) {
      Struct open = of(task.gaps(), symbol).get(0);
      Struct closed = of(task.gaps(), symbol).get(1);
      assertThat(open.get("gap_end")).isNull();
      assertThat(open.get("session_after")).isNull();
      assertThat(open.getString("cause")).isEqualTo(cause);
      assertThat(ms(open, "gap_start")).isEqualTo(lastFrame);
      assertThat(open.getInt64("session_before")).isEqualTo(before);
      assertThat(open.getInt64("first_missing")).isEqualTo(symbol.equals("AAPL") ? 3 : 0);
      for (String same :
          List.of("source", "cause", "gap_start", "session_before", "first_missing", "detail")) {
        assertThat(closed.get(same)).as(same).isEqualTo(open.get(same));
      }
      assertThat(ms(closed, "gap_end")).isEqualTo(ms(first, "received_at"));
      assertThat(closed.getInt64("session_after")).isEqualTo(first.getInt64("session"));
      assertThat(closed.get("dropped")).isNull();
    }
    assertThat(log.lines(Level.WARN)).filteredOn(line -> line.contains(cause)).hasSize(1);
    assertThat(log.lines(Level.ERROR)).isEmpty();
  }

  private void awaitSubscribedAgain(long connection) throws Exception {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> feed.connectionCount() >= connection && feed.connected() == 1);
    awaitSubscribed();
    Thread.sleep(1_100); // the subscriptions count as taking effect after a second
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedTokenFailsTheTaskAfterItsOpenGapsAndNamesTheKey(int status) {
    feed.faults().failHandshakes(100, HandshakeFault.status(status));
    RunningTask task = start();
    Throwable failure = task.awaitFailure();
    assertThat(failure)
        .hasMessageContaining("HTTP " + status)
        .hasMessageContaining("finnhub.token");
    assertThat(task.gaps())
        .hasSize(2)
        .allSatisfy(
            gap -> {
              assertThat(gap.getString("cause")).isEqualTo("UNAUTHORIZED");
              assertThat(gap.getInt64("session_before")).isZero();
              assertThat(gap.get("gap_end")).isNull();
            });
    assertThat(feed.handshakeCount()).as("no second attempt").isEqualTo(1);
  }

  @Test
  void aTokenRevokedDuringAnOutageFailsTheTaskAndTheGapStaysOpen() throws Exception {
    RunningTask task = start();
    awaitSubscribed();
    feed.send(List.of(trade("AAPL", "1")));
    task.await("a tick", t -> t.ticks().size() == 1);
    feed.faults().failHandshakes(100, HandshakeFault.status(401));
    feed.faults().drop();
    task.awaitFailure();
    assertThat(task.gaps())
        .hasSize(2)
        .allSatisfy(
            gap -> {
              assertThat(gap.getString("cause")).isEqualTo("CONNECTION_LOST");
              assertThat(gap.get("gap_end")).isNull();
            });
  }

  @Test
  void aRateLimitIsWaitedOutAsTheServerAsks() throws Exception {
    feed.faults().failHandshakes(1, HandshakeFault.status(429, Duration.ofSeconds(1)));
    RunningTask task = start();
    awaitSubscribed();
    assertThat(waits(0)).isGreaterThanOrEqualTo(1_000);
    task.await("open records", t -> t.gaps().size() == 2);
    assertThat(task.gaps()).extracting(gap -> gap.getString("cause")).containsOnly("RATE_LIMITED");
  }

  @Test
  void aRateLimitUntilADateIsWaitedOut() throws Exception {
    Instant until = Instant.now().plusSeconds(2);
    feed.faults().failHandshakes(1, HandshakeFault.status(429, until));
    start();
    awaitSubscribed();
    // The date has no fraction of a second.
    assertThat(feed.handshakes().get(1).atMs())
        .isGreaterThanOrEqualTo(until.getEpochSecond() * 1_000);
  }

  @Test
  void aRateLimitWithoutAWaitTakesTheConfiguredOne() throws Exception {
    properties.put("rate.limit.backoff.ms", "700");
    feed.faults().failHandshakes(2, HandshakeFault.status(429));
    start();
    awaitSubscribed();
    assertThat(waits(0)).isGreaterThanOrEqualTo(700);
    assertThat(waits(1)).isGreaterThanOrEqualTo(700);
  }

  private long waits(int attempt) {
    List<HandshakeAttempt> attempts = feed.handshakes();
    return attempts.get(attempt + 1).atMs() - attempts.get(attempt).atMs();
  }

  @Test
  void aServerThatIsUnwellIsTriedAgainUntilItIsWell() throws Exception {
    feed.faults().failHandshakes(1, HandshakeFault.status(500));
    feed.faults().failHandshakes(1, HandshakeFault.status(524));
    feed.faults().failHandshakes(1, HandshakeFault.status(200));
    feed.faults().failHandshakes(1, HandshakeFault.drop());
    RunningTask task = start();
    awaitSubscribedAgain(1);
    feed.send(List.of(trade("AAPL", "1")));
    task.await("a tick and four gap records", t -> t.ticks().size() == 1 && t.gaps().size() == 4);
    assertThat(task.gaps().get(0).getString("cause")).isEqualTo("CONNECTION_LOST");
    assertThat(task.gaps().get(0).getString("detail")).contains("HTTP 500");
    assertThat(log.lines(Level.WARN)).filteredOn(line -> line.contains("HTTP")).hasSize(1);
    assertThat(task.failure()).isNull();
  }

  @Test
  void aHandshakeThatHangsIsGivenUpAfterTheConnectTimeout() throws Exception {
    properties.put("connect.timeout.ms", "300");
    feed.faults().failHandshakes(1, HandshakeFault.hang(Duration.ofSeconds(30)));
    RunningTask task = start();
    awaitSubscribedAgain(1);
    feed.send(List.of(trade("AAPL", "1")));
    task.await("a tick", t -> t.ticks().size() == 1);
    assertThat(task.gaps().get(0).getString("cause")).isEqualTo("CONNECTION_LOST");
  }

  @Test
  void twoTasksWithOneTokenDropEachOtherAndEachHintsOnceAtTheOther() throws Exception {
    RunningTask one = start();
    Map<String, String> others = new HashMap<>(properties);
    others.put("source.name", "other");
    RunningTask other = new RunningTask(new FinnhubSourceTask(), others, new RunningTask.Offsets());
    tasks.add(other);
    String hint = "another client may be using the same finnhub.token";

    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> {
              // A tick of each symbol ends its gap: each drop is an outage of its own.
              feed.send(List.of(trade("AAPL", "1"), trade(BTC, "2")));
              return hinting(one, hint) && hinting(other, hint) && feed.connectionCount() >= 20;
            });

    List<String> said = log.lines(Level.WARN).stream().filter(line -> line.contains(hint)).toList();
    assertThat(said)
        .hasSize(2)
        .anyMatch(line -> line.contains("finnhub: the feed dropped 3 connections in a row"))
        .anyMatch(line -> line.contains("other: the feed dropped 3 connections in a row"));
    assertThat(log.lines(Level.ERROR)).isEmpty();
    assertThat(one.failure()).isNull();
    assertThat(other.failure()).isNull();
  }

  private static boolean hinting(RunningTask task, String hint) {
    return task.gaps().stream().anyMatch(gap -> gap.getString("detail").endsWith(hint));
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
  void aTaskThatIsNotPolledClosesTheSocketAndLosesNothingItHadReceived() throws Exception {
    properties.put("buffer.max.records", "100");
    properties.put("buffer.block.ms", "300");
    RunningTask task = startPaused();
    awaitSubscribed();
    for (int i = 0; i < 60; i++) {
      feed.send(java.util.Collections.nCopies(10, trade("AAPL", "" + i)));
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

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  private static String price(Struct tick) {
    return tick.getString("price");
  }

  @Test
  void droppedTicksAreExactlyTheHolesThatTheGapRecordsCount() throws Exception {
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
  void aRestartIsAGapFromWhatWasSafeAlsoForAQuietSymbol() throws Exception {
    properties.put("finnhub.symbols", "AAPL," + BTC + ",MSFT");
    RunningTask first = start();
    feed.awaitSubscribed(List.of("AAPL", BTC, "MSFT"), SOON);
    feed.send(List.of(trade("AAPL", "1"), trade(BTC, "2")));
    first.await("two ticks", t -> t.ticks().size() == 2);
    Thread.sleep(50);
    feed.send(List.of(trade("AAPL", "3")));
    first.await("three ticks", t -> t.ticks().size() == 3);
    first.stop();
    final long stopped = System.currentTimeMillis();
    final long session = first.ticks().get(0).getInt64("session");

    RunningTask second = start();
    second.await("open records", t -> t.gaps().size() == 3);
    awaitSubscribedAgain(2);
    feed.send(List.of(trade(BTC, "4")));
    second.await("closing records", t -> t.gaps().size() == 6);
    second.await("the tick", t -> t.ticks().size() == 1);

    assertThat(second.gaps())
        .allSatisfy(
            gap -> {
              assertThat(gap.getString("cause")).isEqualTo("TASK_RESTART");
              assertThat(gap.getInt64("session_before")).isEqualTo(session);
              // The greatest safe time of the session, whichever symbol's record carried it.
              assertThat(ms(gap, "gap_start"))
                  .isEqualTo(ms(first.ticks().get(2), "received_at"))
                  .isLessThanOrEqualTo(stopped);
            });
    assertThat(second.gaps().subList(0, 3))
        .extracting(gap -> gap.getString("symbol"), gap -> gap.getInt64("first_missing"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("AAPL", 2L),
            org.assertj.core.groups.Tuple.tuple(BTC, 1L),
            org.assertj.core.groups.Tuple.tuple("MSFT", 0L));
    assertThat(second.ticks().get(0).getInt64("session")).isGreaterThan(session);
    assertThat(ms(last(second.gaps()), "gap_end"))
        .isEqualTo(ms(second.ticks().get(0), "received_at"));
    assertThat(offsets.of("finnhub", "MSFT"))
        .containsEntry("session", second.ticks().get(0).get("session"))
        .containsEntry("sequence", -1L);
  }

  @Test
  void aRestartDuringAnOutageClosesTheGapThatWasOpen() throws Exception {
    RunningTask first = start();
    awaitSubscribed();
    feed.send(List.of(trade("AAPL", "1")));
    first.await("a tick", t -> t.ticks().size() == 1);
    feed.faults().refuseConnections();
    feed.faults().drop();
    first.await("open records", t -> t.gaps().size() == 2);
    first.stop();
    final Map<String, Object> stored = offsets.of("finnhub", "AAPL");

    // The first record of the next run is a reject: it must not delete what is stored.
    properties.put("finnhub.subscribe.interval.ms", "400");
    feed.setInvalidSymbols(Set.of("AAPL"));
    feed.faults().acceptConnections();
    RunningTask second = start();
    second.await("the reject", t -> t.rejects().size() == 1);
    assertThat(second.records().get(0).topic()).isEqualTo("market_data_rejected");
    assertThat(offsets.of("finnhub", "AAPL")).isEqualTo(stored);
    feed.awaitSubscribed(List.of(BTC), SOON);
    Thread.sleep(1_100); // what was asked for has taken effect
    feed.send(List.of(trade(BTC, "2")));
    second.await("the tick", t -> t.ticks().size() == 1);
    assertThat(second.gaps()).extracting(gap -> gap.getString("symbol")).containsExactly(BTC);
    feed.send(List.of(trade("AAPL", "3")));
    second.await("closing records", t -> t.gaps().size() == 2);

    for (String symbol : List.of("AAPL", BTC)) {
      Struct open = of(first.gaps(), symbol).get(0);
      Struct closed = of(second.gaps(), symbol).get(0);
      assertThat(open.getString("cause")).isEqualTo("CONNECTION_LOST");
      for (String same :
          List.of("source", "cause", "gap_start", "session_before", "first_missing", "detail")) {
        assertThat(closed.get(same)).as(same).isEqualTo(open.get(same));
      }
      assertThat(closed.get("gap_end")).isNotNull();
    }
  }

  @Test
  void aRestartOfAQuietFeedClaimsOnlyFromTheLastHeartbeat() throws Exception {
    properties.put("heartbeat.interval.ms", "100");
    RunningTask first = start();
    awaitSubscribed();
    feed.send(List.of(trade("AAPL", "1")));
    first.await("a tick", t -> t.ticks().size() == 1);
    long tick = ms(first.ticks().get(0), "received_at");
    first.await(
        "heartbeats that heard a ping two seconds later",
        t -> {
          feed.sendPing();
          Struct beat = last(t.heartbeats());
          return beat.get("last_frame_at") != null && ms(beat, "last_frame_at") > tick + 2_000;
        });
    first.stop();
    Struct beat = last(first.heartbeats());
    assertThat(beat.getString("source")).isEqualTo("finnhub");
    assertThat(beat.getInt64("session")).isEqualTo(first.ticks().get(0).getInt64("session"));
    assertThat(ms(beat, "last_tick_at")).isEqualTo(tick);
    assertThat(beat.getBoolean("connected")).isTrue();
    assertThat(beat.get("feed_delay_ms")).as("no tick since the one before").isNull();
    assertThat(beat.getInt64("subscriptions_wanted")).isEqualTo(2);
    assertThat(beat.getInt64("subscriptions_refused")).isZero();

    RunningTask second = start();
    second.await("open records", t -> t.gaps().size() == 2);
    assertThat(second.gaps())
        .allSatisfy(
            gap -> {
              assertThat(gap.getString("cause")).isEqualTo("TASK_RESTART");
              assertThat(ms(gap, "gap_start")).isEqualTo(ms(beat, "last_frame_at"));
            });
  }

  @Test
  void aGapOrphanedByAKillIsOverAtTheClosedGapOfTheRestart() throws Exception {
    RunningTask killed = start();
    awaitSubscribed();
    feed.send(List.of(trade("AAPL", "1")));
    killed.await("a stored offset", t -> offsets.of("finnhub", "AAPL") != null);
    RunningTask.Offsets flushed = offsets.copy();
    feed.faults().drop();
    killed.await("open records", t -> t.gaps().size() >= 2);
    killed.stop();

    RunningTask next = new RunningTask(new FinnhubSourceTask(), properties, flushed);
    tasks.add(next);
    Awaitility.await().atMost(SOON).until(() -> feed.connected() == 1);
    awaitSubscribed();
    next.await(
        "closing records",
        t -> {
          feed.sendPing();
          return t.gaps().size() == 4;
        });

    Struct orphan = of(killed.gaps(), "AAPL").get(0);
    Struct over = last(of(next.gaps(), "AAPL"));
    assertThat(over.getString("cause")).isEqualTo("TASK_RESTART");
    assertThat(over.get("session_before")).isEqualTo(orphan.get("session_before"));
    assertThat(over.get("first_missing")).isEqualTo(orphan.get("first_missing"));
    assertThat(ms(over, "gap_start")).isLessThanOrEqualTo(ms(orphan, "gap_start"));
    assertThat(ms(over, "gap_end")).isGreaterThan(ms(orphan, "gap_start"));
  }

  @Test
  void stoppingIsQuickWhileTheHandshakeHangs() throws Exception {
    feed.faults().failHandshakes(1, HandshakeFault.hang(Duration.ofSeconds(30)));
    RunningTask task = start();
    Awaitility.await().atMost(SOON).until(() -> feed.handshakeCount() > 0);
    long start = System.nanoTime();
    assertThat(task.stop()).isLessThan(Duration.ofSeconds(3));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void stoppingIsQuickWhileItWaitsToReconnect() throws Exception {
    properties.put("rate.limit.backoff.ms", "60000");
    feed.faults().failHandshakes(1, HandshakeFault.status(429));
    RunningTask task = start();
    task.await("open records", t -> t.gaps().size() == 2);
    assertThat(task.stop()).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void stoppingWithAFullBufferAnnouncesNoBackPressure() throws Exception {
    properties.put("buffer.max.records", "10");
    properties.put("buffer.block.ms", "60000");
    RunningTask task = startPaused();
    awaitSubscribed();
    for (int i = 0; i < 20; i++) {
      feed.send(java.util.Collections.nCopies(10, trade("AAPL", "1")));
    }
    Thread.sleep(200);
    assertThat(task.stop()).isLessThan(Duration.ofSeconds(3));
    feed.awaitConnected(0, SOON);
    assertThat(log.lines()).noneMatch(line -> line.contains("BACKPRESSURE"));
  }

  @Test
  void hostileFramesAreRejectedAndTheConnectionGoesOn() throws Exception {
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
  void aRefusedSubscriptionIsAGapOfItsSymbolAndTheOthersGoOn() throws Exception {
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
            line -> line.contains("AAPL is refused: Invalid symbol AAPL; asking again in 60 s"));
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
    assertThat(of(restarted.gaps(), "AAPL")).as("still open, told of already").isEmpty();
    feed.send(List.of(trade("AAPL", "2")));
    restarted.await("the closing record", t -> of(t.gaps(), "AAPL").size() == 1);
    Struct closed = of(restarted.gaps(), "AAPL").get(0);
    assertThat(closed.getString("cause")).isEqualTo("SUBSCRIPTION_REFUSED");
    assertThat(closed.get("gap_start")).isEqualTo(of(task.gaps(), "AAPL").get(0).get("gap_start"));
    assertThat(closed.get("gap_end")).isNotNull();
  }

  /** Around the lengths at which texts are cut. What leaked would be seen by {@link #close}. */
  @Test
  void aTokenInWhatTheFeedSendsIsMaskedBeforeItIsCutAndInEverySpelling() throws Exception {
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
  void anUnencryptedFeedIsTakenWithAWarning() throws Exception {
    start();
    awaitSubscribed();
    assertThat(log.lines(Level.WARN))
        .hasSize(1)
        .first()
        .satisfies(line -> assertThat(line).contains("not encrypted", "finnhub.token"));
  }
}
