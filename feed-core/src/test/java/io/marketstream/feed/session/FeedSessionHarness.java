package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.catchThrowable;
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
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.websocket.NetworkSettings;
import io.marketstream.feed.websocket.WebSocketSettings;
import io.marketstream.model.TickKind;
import java.time.Clock;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A session with adjustable times and a toy protocol, for scripted servers. */
abstract class FeedSessionHarness {

  static final String SECRET = "s3cret";

  /**
   * Each frame is a tick of {@code tickSymbol} with the frame as its price, with a few exceptions.
   */
  static class ToyProtocol implements FeedProtocol {
    String url;
    List<String> symbols = List.of("A");
    String tickSymbol = "A";
    long delay; // ms
    volatile Throwable defect;

    @Override
    public String url() {
      return url;
    }

    @Override
    public String redact(String text) {
      return text.replace(SECRET, "***");
    }

    @Override
    public String credentialKey() {
      return "toy.token";
    }

    @Override
    public List<String> ledgerSymbols() {
      return symbols;
    }

    @Override
    public List<Subscription> subscriptions(List<String> wanted) {
      return wanted.stream()
          .map(symbol -> new Subscription(List.of(symbol), "subscribe " + symbol))
          .toList();
    }

    @Override
    public List<FeedEvent> decode(String frame, long receivedAt) {
      if (frame.startsWith("refused")) {
        String symbol = frame.length() > 8 ? frame.substring(8) : null;
        return List.of(new FeedEvent.Refused(symbol, frame, frame));
      }
      return switch (frame) {
        case "ping" -> List.of(new FeedEvent.Heartbeat());
        case "tick of A" -> List.of(tick("A", frame, receivedAt));
        case "defect" -> throwing();
        case "defect after two ticks" -> new Defective(tick("A", frame, receivedAt));
        default ->
            List.of(
                new FeedEvent.Tick(
                    TickKind.PRICE, tickSymbol, frame, null, null, receivedAt - delay));
      };
    }

    private static FeedEvent.Tick tick(String symbol, String price, long receivedAt) {
      return new FeedEvent.Tick(TickKind.PRICE, symbol, price, null, null, receivedAt);
    }

    private List<FeedEvent> throwing() {
      if (defect instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) defect;
    }

    /** Two ticks, and an Error in place of the third. */
    private final class Defective extends AbstractList<FeedEvent> {
      private final FeedEvent tick;

      Defective(FeedEvent tick) {
        this.tick = tick;
      }

      @Override
      public FeedEvent get(int index) {
        return index < 2 ? tick : throwing().get(0);
      }

      @Override
      public int size() {
        return 3;
      }
    }
  }

  /** Always chooses the longest wait that the backoff allows. */
  private static final class LongestWait extends Random {
    private static final long serialVersionUID = 1L;

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  }

  final ToyProtocol protocol = new ToyProtocol();
  final FeedMetrics metrics = new FeedMetrics(System::nanoTime);
  final FeedBuffer buffer = new FeedBuffer(1_000, OverflowPolicy.BLOCK, Duration.ZERO);
  final List<BufferEntry> taken = new ArrayList<>();
  Duration idleTimeout = Duration.ofSeconds(30);
  Duration tickSilence = Duration.ZERO;
  Duration connectTimeout = Duration.ofSeconds(5);
  Duration backoff = Duration.ofMillis(20);
  Duration stableAfter = Duration.ofSeconds(30);
  Duration subscribeInterval = Duration.ofMillis(10);
  Duration refusedRetry = Duration.ofMinutes(1);
  Duration delayWindow = Duration.ofMinutes(1);
  Duration blockTimeout = Duration.ofSeconds(5);
  FeedSession session;

  void open(ScriptedFeed feed) {
    protocol.url = feed.url() + "?token=" + SECRET;
    openWith(protocol);
  }

  void openWith(FeedProtocol other) {
    TickNumbering numbering = new TickNumbering(0);
    session =
        new FeedSession(
            "toy",
            "toy",
            other,
            new SessionSettings(
                new WebSocketSettings(
                    connectTimeout,
                    Duration.ZERO,
                    Duration.ofMillis(10),
                    1_024,
                    NetworkSettings.JVM_DEFAULTS),
                idleTimeout,
                tickSilence,
                subscribeInterval,
                refusedRetry,
                backoff,
                Duration.ofSeconds(2),
                stableAfter,
                Duration.ofSeconds(38),
                Duration.ofSeconds(25),
                delayWindow,
                Duration.ofMinutes(1),
                blockTimeout),
            buffer,
            numbering,
            new GapLedger(
                "toy", other.ledgerSymbols(), numbering, List.of(), System.currentTimeMillis()),
            new TradeIds(Map.of()),
            metrics,
            Clock.systemUTC(),
            new LongestWait());
    session.open();
  }

  @AfterEach
  void close() {
    session.close();
  }

  List<MarketTick> ticks() {
    return taken.stream()
        .filter(BufferEntry.Tick.class::isInstance)
        .map(entry -> ((BufferEntry.Tick) entry).tick())
        .toList();
  }

  List<FeedGap> gaps() {
    return taken.stream()
        .filter(BufferEntry.Gap.class::isInstance)
        .map(entry -> ((BufferEntry.Gap) entry).gap())
        .toList();
  }

  void drain() throws InterruptedException {
    taken.addAll(buffer.drain(1_000, Duration.ofMillis(20)).entries());
  }

  void awaitTicks(int count) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () -> {
              drain();
              return ticks().size() >= count;
            });
  }

  void awaitGaps(int count) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () -> {
              drain();
              return gaps().size() >= count;
            });
  }

  Throwable awaitFailure() {
    return await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> catchThrowable(this::drain), thrown -> thrown != null);
  }
}
