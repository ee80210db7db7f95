package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.feed.harness.ScriptedFeed;
import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.ledger.TradeIds;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.Subscription;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.websocket.NetworkSettings;
import io.marketstream.feed.websocket.WebSocketSettings;
import io.marketstream.model.GapCause;
import io.marketstream.model.TickKind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A feed that always sends more than the worker takes. Its pong would wait behind that data, so the
 * test server sends none.
 */
@Timeout(60)
class SlowWorkerTest {

  private static final int CAPACITY = 20;

  private record Prices(String url) implements FeedProtocol {
    @Override
    public String redact(String text) {
      return text;
    }

    @Override
    public String credentialKey() {
      return "toy.token";
    }

    @Override
    public List<String> ledgerSymbols() {
      return List.of("A");
    }

    @Override
    public List<Subscription> subscriptions(List<String> symbols) {
      return List.of();
    }

    @Override
    public List<FeedEvent> decode(String frame, long receivedAt) {
      return List.of(new FeedEvent.Tick(TickKind.PRICE, "A", frame, null, null, receivedAt));
    }
  }

  private final CountDownLatch lost = new CountDownLatch(1);

  private void sendUntilLost(ScriptedFeed.Peer peer) throws IOException {
    peer.upgrade();
    try {
      while (true) {
        peer.text("1");
      }
    } finally {
      lost.countDown();
    }
  }

  @Test
  void latePongBehindDataIsBackPressure() throws Exception {
    FeedBuffer buffer = new FeedBuffer(CAPACITY, OverflowPolicy.BLOCK, Duration.ZERO);
    try (ScriptedFeed feed = new ScriptedFeed(this::sendUntilLost);
        FeedSession session = session(new Prices(feed.url()), buffer)) {
      session.open();
      List<BufferEntry> taken = new ArrayList<>();
      while (!lost.await(20, TimeUnit.MILLISECONDS)) {
        taken.addAll(buffer.drain(1, Duration.ZERO).entries());
      }
      assertThat(buffer.size()).isGreaterThan(CAPACITY / 2);
      await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(10))
          .until(() -> feed.attempts().size() == 1);

      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                taken.addAll(buffer.drain(4, Duration.ZERO).entries());
                return feed.attempts().size() == 2
                    && taken.stream().anyMatch(entry -> entry instanceof BufferEntry.Gap);
              });
      assertThat(taken)
          .filteredOn(entry -> entry instanceof BufferEntry.Gap)
          .first()
          .extracting(entry -> ((BufferEntry.Gap) entry).gap())
          .extracting(FeedGap::cause, FeedGap::detail)
          .satisfies(
              gap -> {
                assertThat(gap.get(0)).isEqualTo(GapCause.BACKPRESSURE);
                assertThat(gap.get(1).toString())
                    .contains("takes less than the feed sends", "pong");
              });
    }
  }

  private static FeedSession session(FeedProtocol protocol, FeedBuffer buffer) {
    TickNumbering numbering = new TickNumbering(0);
    SessionSettings settings =
        new SessionSettings(
            new WebSocketSettings(
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                Duration.ofMillis(10),
                1_024,
                NetworkSettings.JVM_DEFAULTS),
            Duration.ofSeconds(30),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ofMillis(20),
            Duration.ofMillis(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(38),
            Duration.ofSeconds(25),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5));
    return new FeedSession(
        "toy",
        "toy",
        protocol,
        settings,
        buffer,
        numbering,
        new GapLedger("toy", List.of("A"), numbering, List.of(), System.currentTimeMillis()),
        new TradeIds(Map.of()),
        new FeedMetrics(System::nanoTime),
        Clock.systemUTC(),
        new Random(1));
  }
}
