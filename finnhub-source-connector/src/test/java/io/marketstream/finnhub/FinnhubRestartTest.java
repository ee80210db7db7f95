package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.RunningTask;
import io.marketstream.simulator.fault.HandshakeFault;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Restarts and stops of the task. */
@Timeout(60)
class FinnhubRestartTest extends FinnhubTaskHarness {

  @Test
  void restartIsAGapFromTheSafeTime() throws Exception {
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
              // The greatest safe time of the session, from the record of any symbol.
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
  void restartInAnOutageClosesTheOpenGap() throws Exception {
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
    Thread.sleep(1_100); // the subscriptions have taken effect
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
  void restartGapStartsAtTheLastHeartbeat() throws Exception {
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
  void restartEndsAGapOrphanedByAKill() throws Exception {
    RunningTask killed = start();
    awaitSubscribed();
    feed.send(List.of(trade("AAPL", "1")));
    killed.await("a stored offset", t -> offsets.of("finnhub", "AAPL") != null);
    RunningTask.Offsets flushed = offsets.copy();
    feed.faults().drop();
    killed.await("open records", t -> t.gaps().size() >= 2);
    killed.stop();

    RunningTask next = start(properties, flushed, false);
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
    assertThat(task.stop()).isLessThan(Duration.ofSeconds(10));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void stoppingIsQuickWhileItWaitsToReconnect() throws Exception {
    properties.put("rate.limit.backoff.ms", "60000");
    feed.faults().failHandshakes(1, HandshakeFault.status(429));
    RunningTask task = start();
    task.await("open records", t -> t.gaps().size() == 2);
    assertThat(task.stop()).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void stoppingWithAFullBufferAnnouncesNoBackPressure() throws Exception {
    properties.put("buffer.max.records", "10");
    properties.put("buffer.block.ms", "60000");
    RunningTask task = startPaused();
    awaitSubscribed();
    for (int i = 0; i < 20; i++) {
      feed.send(Collections.nCopies(10, trade("AAPL", "1")));
    }
    Thread.sleep(200);
    assertThat(task.stop()).isLessThan(Duration.ofSeconds(10));
    feed.awaitConnected(0, SOON);
    assertThat(log.lines()).noneMatch(line -> line.contains("BACKPRESSURE"));
  }
}
