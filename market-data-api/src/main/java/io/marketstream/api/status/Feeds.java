package io.marketstream.api.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the connectors say about their feeds in their heartbeats. */
final class Feeds {
  static final String NAME = "feeds";

  /** Six missing heartbeats. */
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

  /** A source that has been silent for longer was removed. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

  /** The bounds at which a connector itself warns. */
  private static final long MAX_FEED_DELAY_MS = 60_000;

  private static final long MIN_FEED_DELAY_MS = -2_000;

  private Feeds() {}

  /**
   * Judges the newest heartbeats.
   *
   * @param sources those that connectors write; empty if unknown
   * @param now epoch ms
   */
  static Section section(
      Collection<Heartbeat> heartbeats, Optional<Set<String>> sources, long now) {
    List<Section.Row> rows = new ArrayList<>();
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    heartbeats.stream()
        .filter(each -> now - each.sentAt() < FORGOTTEN_AFTER.toMillis())
        .filter(each -> isKept(each, sources, now))
        .sorted(Comparator.comparing(Heartbeat::source))
        .forEach(
            each -> {
              rows.add(row(each, now));
              json.addObject()
                  .put("source", each.source())
                  .put("connected", each.isConnected())
                  .put("symbols", each.wanted())
                  .put("refused", each.refused())
                  .put("last_tick_at", each.lastTickAt())
                  .put("feed_delay_ms", each.feedDelayMs())
                  .put("heartbeat_at", each.sentAt());
            });
    if (rows.isEmpty()) {
      String none = "no heartbeat of the last day";
      return Section.of(NAME, List.of(), List.of(Section.Row.of(none, none)), json);
    }
    return Section.of(
        NAME,
        List.of(
            "source", "connected", "symbols", "refused", "last tick", "feed delay", "heartbeat"),
        rows,
        json);
  }

  /** A silent source without a connector was replaced, as a simulated feed by the live one. */
  private static boolean isKept(Heartbeat heartbeat, Optional<Set<String>> sources, long now) {
    return !isSilent(heartbeat, now)
        || sources.map(known -> known.contains(heartbeat.source())).orElse(true);
  }

  private static boolean isSilent(Heartbeat heartbeat, long now) {
    return now - heartbeat.sentAt() > SILENCE_LIMIT.toMillis();
  }

  private static Section.Row row(Heartbeat heartbeat, long now) {
    Long delay = heartbeat.feedDelayMs();
    return Section.Row.of(
        problem(heartbeat, now),
        heartbeat.source(),
        heartbeat.isConnected() ? "yes" : "no",
        Words.number(heartbeat.wanted()),
        Words.number(heartbeat.refused()),
        Words.ago(heartbeat.lastTickAt(), now),
        delay == null ? "-" : Words.duration(delay),
        Words.ago(heartbeat.sentAt(), now));
  }

  private static String problem(Heartbeat heartbeat, long now) {
    List<String> problems = new ArrayList<>();
    if (isSilent(heartbeat, now)) {
      problems.add("its last heartbeat was " + Words.ago(heartbeat.sentAt(), now));
    } else if (!heartbeat.isConnected()) {
      problems.add("it is not connected");
    }
    if (heartbeat.refused() > 0) {
      problems.add("the feed refuses " + Words.count(heartbeat.refused(), "symbol", "symbols"));
    }
    Long delay = heartbeat.feedDelayMs();
    if (delay != null && (delay > MAX_FEED_DELAY_MS || delay < MIN_FEED_DELAY_MS)) {
      problems.add("the feed delay is " + Words.duration(delay));
    }
    return problems.isEmpty() ? "" : heartbeat.source() + ": " + String.join(", ", problems);
  }
}
