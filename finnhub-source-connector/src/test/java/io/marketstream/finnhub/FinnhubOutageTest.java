package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.marketstream.feed.harness.ConnectProxy;
import io.marketstream.feed.harness.RunningTask;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.server.HandshakeAttempt;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lost connections and failed handshakes. */
@Timeout(60)
class FinnhubOutageTest extends FinnhubTaskHarness {

  @Test
  void refusingProxyIsOneWarningAndRetried() throws Exception {
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
              "CONNECTION_LOST, the proxy "
                  + proxy.address()
                  + " rejected the credentials (HTTP 407)",
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

  @ParameterizedTest
  @ValueSource(strings = {"drop", "reset", "close", "stall"})
  void outageIsOneGapPerSymbol(String fault) throws Exception {
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

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void refusedTokenFailsTheTaskAfterItsGaps(int status) {
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
  void revokedTokenLeavesTheGapOpen() throws Exception {
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
  void failingServerIsRetriedUntilItWorks() throws Exception {
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
  void hangingHandshakeEndsAfterConnectTimeout() throws Exception {
    properties.put("connect.timeout.ms", "300");
    feed.faults().failHandshakes(1, HandshakeFault.hang(Duration.ofSeconds(30)));
    RunningTask task = start();
    awaitSubscribedAgain(1);
    feed.send(List.of(trade("AAPL", "1")));
    task.await("a tick", t -> t.ticks().size() == 1);
    assertThat(task.gaps().get(0).getString("cause")).isEqualTo("CONNECTION_LOST");
  }

  @Test
  void tasksSharingATokenHintAtEachOther() throws Exception {
    RunningTask one = start();
    Map<String, String> others = new HashMap<>(properties);
    others.put("source.name", "other");
    RunningTask other = start(others, new RunningTask.Offsets(), false);
    String hint = "another client may be using the same finnhub.token";

    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> {
              // A tick of each symbol ends its gap, so each drop is a separate outage.
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
}
