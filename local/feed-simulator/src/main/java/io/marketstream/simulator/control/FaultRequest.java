package io.marketstream.simulator.control;

import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coinbase.HeartbeatMode;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.fault.HostileFrames;
import io.marketstream.simulator.fault.RawFrame;
import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.server.FeedFaults;
import io.marketstream.simulator.server.FeedSimulator;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request for one fault: its kind, and the parameters of that kind. */
final class FaultRequest {

  /**
   * The values of {@code kind}, in lower case with hyphens. README.md lists the parameters of each.
   */
  enum Kind {
    CLOSE,
    DROP,
    RESET,
    STALL,
    RESUME,
    STATUS,
    HANG,
    HEAL,
    UNAUTHORIZED,
    REPEAT,
    BURST,
    MALFORMED,
    ERROR,
    REFUSE_SUBSCRIPTIONS,
    TOO_MANY_SYMBOLS,
    SLOW_SUBSCRIPTIONS,
    ACCEPT_SUBSCRIPTIONS,
    DELAY,
    LATE,
    CLOCK_SKEW,
    SLOW_READERS,
    REFUSE,
    ACCEPT,
    STOP,
    RESTART,
    FLAP,
    STEADY,
    DROP_MATCHES,
    HALT_TRADING,
    RESUME_TRADING,
    DELIST,
    ABSENT,
    HEARTBEATS,
    DATA_FIRST,
    UNKNOWN_FIELDS,
    VISIBILITY,
    REST_LIMIT,
    REST_STATUS,
    REST_DELAY,
    REST_HEAL;

    /** The name in a request. */
    String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Kind kind;
  private final Map<String, String> parameters;

  private FaultRequest(Kind kind, Map<String, String> parameters) {
    this.kind = kind;
    this.parameters = parameters;
  }

  /**
   * Creates a request from its parameters.
   *
   * @throws IllegalArgumentException if {@code kind} is missing or unknown
   */
  static FaultRequest of(Map<String, String> parameters) {
    String name = parameters.getOrDefault("kind", "");
    for (Kind kind : Kind.values()) {
      if (kind.wireName().equals(name)) {
        return new FaultRequest(kind, parameters);
      }
    }
    throw new IllegalArgumentException(
        "No fault '"
            + name
            + "': kind is one of "
            + Arrays.stream(Kind.values()).map(Kind::wireName).collect(Collectors.joining(", ")));
  }

  /**
   * Injects the fault.
   *
   * @throws IllegalArgumentException if a parameter is missing or not a number
   * @throws UnsupportedOperationException if the feed does not have this fault
   */
  void applyTo(FeedSimulator simulator) {
    FeedFaults faults = simulator.faults();
    switch (kind) {
      case CLOSE -> faults.close(number("code", 1001), parameters.getOrDefault("reason", ""));
      case DROP -> faults.drop();
      case RESET -> faults.reset();
      case STALL -> faults.stall(!"false".equals(parameters.get("pongs")));
      case RESUME -> faults.resume();
      case STATUS -> faults.failHandshakes(number("times", 1), statusFault());
      case HANG -> faults.failHandshakes(number("times", 1), HandshakeFault.hang(millis(null)));
      case HEAL -> faults.healHandshakes();
      case UNAUTHORIZED -> faults.unauthorized();
      case REPEAT -> faults.repeatMessages(number("copies", 3));
      case BURST -> faults.burst(number("factor", 100), millis(1_000));
      case MALFORMED -> simulator.sendRaw(malformed());
      case ERROR -> sendError(simulator);
      case REFUSE_SUBSCRIPTIONS -> refuseSubscriptions(faults);
      case TOO_MANY_SYMBOLS -> faults.refuseSubscriptionsWithoutName(number("times", 1));
      case SLOW_SUBSCRIPTIONS -> faults.slowSubscriptions(millis(null));
      case ACCEPT_SUBSCRIPTIONS -> faults.acceptSubscriptions();
      case DELAY -> faults.delayTicks(Duration.ofMillis(number("ms", null)));
      case LATE ->
          faults.lateTicks(number("percent", 1) / 100.0, Duration.ofMillis(number("ms", 300_000)));
      case CLOCK_SKEW -> faults.clockSkew(Duration.ofMillis(number("ms", null)));
      case SLOW_READERS -> faults.slowReaders(slowReaders());
      case REFUSE -> faults.refuseConnections();
      case ACCEPT -> faults.acceptConnections();
      case STOP -> faults.stopServer();
      case RESTART -> faults.restartServer(millis(1_000));
      case FLAP -> faults.flapEvery(millis(null));
      case STEADY -> faults.stopFlapping();
      case DROP_MATCHES,
          HALT_TRADING,
          RESUME_TRADING,
          DELIST,
          ABSENT,
          HEARTBEATS,
          DATA_FIRST,
          UNKNOWN_FIELDS,
          VISIBILITY,
          REST_LIMIT,
          REST_STATUS,
          REST_DELAY,
          REST_HEAL ->
          applyToCoinbase(simulator);
    }
  }

  private void applyToCoinbase(FeedSimulator simulator) {
    if (!(simulator instanceof CoinbaseSimulator coinbase)) {
      throw new UnsupportedOperationException("Only Coinbase has the fault " + kind.wireName());
    }
    switch (kind) {
      case DROP_MATCHES -> coinbase.dropNextMatches(text("product"), number("count", 1));
      case HALT_TRADING -> coinbase.haltTrading(text("product"));
      case RESUME_TRADING -> coinbase.resumeTrading(text("product"));
      case DELIST -> coinbase.delist(text("product"));
      case ABSENT -> coinbase.markAbsent(text("product"), tradeId());
      case HEARTBEATS -> coinbase.setHeartbeatMode(heartbeatMode());
      case DATA_FIRST -> coinbase.setDataBeforeAnswer(isOn());
      case UNKNOWN_FIELDS -> coinbase.setUnknownFields(isOn());
      case VISIBILITY -> coinbase.delayVisibility(Duration.ofMillis(number("ms", null)));
      case REST_LIMIT -> coinbase.rateLimitNext(number("times", 1));
      case REST_STATUS -> coinbase.failRest(number("times", 1), number("status", 502));
      case REST_DELAY -> coinbase.delayRest(number("times", 1), millis(null));
      case REST_HEAL -> coinbase.healRest();
      default -> throw new IllegalStateException(kind + " is not a fault of Coinbase");
    }
  }

  private String text(String name) {
    String text = parameters.getOrDefault(name, "");
    if (text.isBlank()) {
      throw new IllegalArgumentException(kind.wireName() + " needs " + name + "=…");
    }
    return text;
  }

  /** Trade ids need 64 bits. */
  private long tradeId() {
    try {
      return Long.parseLong(text("id"));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(kind.wireName() + " needs id=NUMBER", e);
    }
  }

  private boolean isOn() {
    return !"false".equals(parameters.get("on"));
  }

  private HeartbeatMode heartbeatMode() {
    String name = parameters.getOrDefault("mode", "");
    for (HeartbeatMode mode : HeartbeatMode.values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        kind.wireName() + " needs mode=normal, zero, ahead or repeated, not '" + name + "'");
  }

  private HandshakeFault statusFault() {
    int status = number("status", null);
    String retryAt = parameters.get("retry_at");
    if (retryAt != null) {
      try {
        return HandshakeFault.status(status, Instant.parse(retryAt));
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "retry_at=" + retryAt + "  is not an instant. Write it like 2026-11-23T14:30:00Z", e);
      }
    }
    return parameters.containsKey("retry_after")
        ? HandshakeFault.status(status, Duration.ofSeconds(number("retry_after", null)))
        : HandshakeFault.status(status);
  }

  private RawFrame malformed() {
    String name = parameters.getOrDefault("frame", "");
    Map<String, Supplier<RawFrame>> frames = HostileFrames.byName();
    if (!frames.containsKey(name)) {
      throw new IllegalArgumentException(
          "No frame '" + name + "': frame is one of " + String.join(", ", frames.keySet()));
    }
    return frames.get(name).get();
  }

  private void sendError(FeedSimulator simulator) {
    if (simulator instanceof FinnhubSimulator finnhub) {
      finnhub.sendError(parameters.getOrDefault("message", "Subscribing to too many symbols"));
    } else if (simulator instanceof CoinbaseSimulator coinbase) {
      coinbase.sendError(
          parameters.getOrDefault("message", "Failed to subscribe"), parameters.get("reason"));
    } else {
      throw new UnsupportedOperationException("CoinCap does not send error frames");
    }
  }

  private SlowReaders slowReaders() {
    String action = parameters.getOrDefault("action", "");
    for (SlowReaders.Action known : SlowReaders.Action.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(action)) {
        return new SlowReaders(known, number("bytes", (int) SlowReaders.KEPT.maxQueuedBytes()));
      }
    }
    throw new IllegalArgumentException(
        kind.wireName() + " needs action=skip, drop, reset or close, not '" + action + "'");
  }

  private void refuseSubscriptions(FeedFaults faults) {
    Set<String> symbols =
        Arrays.stream(parameters.getOrDefault("symbols", "").split(","))
            .filter(symbol -> !symbol.isBlank())
            .collect(Collectors.toSet());
    if (symbols.isEmpty()) {
      throw new IllegalArgumentException(kind.wireName() + " needs symbols=SYMBOL,…");
    }
    if (parameters.containsKey("ms")) {
      faults.refuseSubscriptions(symbols, millis(null));
    } else {
      faults.refuseSubscriptions(symbols);
    }
  }

  private Duration millis(@Nullable Integer otherwise) {
    int millis = number("ms", otherwise);
    if (millis < 1) {
      throw new IllegalArgumentException("ms=" + millis + " must be at least 1");
    }
    return Duration.ofMillis(millis);
  }

  private int number(String name, @Nullable Integer otherwise) {
    String text = parameters.get(name);
    if (text == null && otherwise != null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text == null ? "" : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(kind.wireName() + " needs " + name + "=NUMBER", e);
    }
  }
}
