package io.marketstream.auditor.evidence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists the differences between two copies of a tick. Decimals with different scales differ. */
public final class TickDifferences {
  private TickDifferences() {}

  public static List<String> between(Tick expected, Tick found) {
    if (expected.equals(found)) {
      return List.of(); // nearly always
    }
    List<String> differences = new ArrayList<>();
    compare(differences, "kind", expected.kind(), found.kind());
    compare(differences, "price", expected.price(), found.price());
    compare(differences, "volume", expected.volume(), found.volume());
    compare(differences, "conditions", expected.conditions(), found.conditions());
    compare(differences, "event_time", time(expected.eventTime()), time(found.eventTime()));
    compare(differences, "received_at", time(expected.receivedAt()), time(found.receivedAt()));
    compare(differences, "trade_id", expected.tradeId(), found.tradeId());
    compare(differences, "side", expected.side(), found.side());
    compare(differences, "origin", expected.origin(), found.origin());
    return differences;
  }

  private static Instant time(long epochMs) {
    return Instant.ofEpochMilli(epochMs);
  }

  private static void compare(
      List<String> differences, String field, @Nullable Object expected, @Nullable Object found) {
    if (!Objects.equals(expected, found)) {
      differences.add(field + " is " + found + ", not " + expected);
    }
  }
}
