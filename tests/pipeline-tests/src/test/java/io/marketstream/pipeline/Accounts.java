package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.simulator.SentTick;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares what was written to the sockets with what was kept: every tick is there, as it was sent
 * and once, or inside a recorded gap of its symbol.
 */
public final class Accounts {

  private static final String ALL_SYMBOLS = "*";

  private Accounts() {}

  /**
   * @param sent of one source
   * @param kept what a topic or table holds of that source, by session
   * @param gaps of that source
   */
  public static void assertAccounted(
      String source, List<SentTick> sent, Map<Long, List<StoredTick>> kept, List<GapRow> gaps) {
    Map<Long, List<SentTick>> connections =
        sent.stream().collect(Collectors.groupingBy(SentTick::connectionOpenedAt));
    Map<SentTick, Long> stored = new HashMap<>();
    Map<Long, Long> sessionOfConnection = new HashMap<>();
    kept.forEach(
        (session, rows) -> {
          long openedAt = nearest(session, connections.keySet());
          sessionOfConnection.put(openedAt, session);
          Map<String, SentTick> delivered = bySequence(connections.get(openedAt));
          for (StoredTick row : rows) {
            SentTick origin = delivered.get(row.symbol() + '/' + row.sequence());
            assertThat(origin).as("what was sent for %s of %d", row, session).isNotNull();
            assertThat(row).isEqualTo(StoredTick.of(origin, source));
            stored.merge(origin, 1L, Long::sum);
          }
        });
    List<SentTick> unexplained =
        sent.stream()
            .filter(tick -> !stored.containsKey(tick))
            .filter(
                tick -> gaps.stream().noneMatch(gap -> explains(gap, tick, sessionOfConnection)))
            .toList();
    assertThat(stored.values()).as("how often each tick is stored").allMatch(times -> times == 1);
    assertThat(unexplained).as("ticks that are neither rows nor in a gap of %s", gaps).isEmpty();
  }

  private static boolean explains(GapRow gap, SentTick tick, Map<Long, Long> sessionOfConnection) {
    boolean concerned = gap.symbol().equals(tick.symbol()) || gap.symbol().equals(ALL_SYMBOLS);
    return concerned
        && gap.explains(
            sessionOfConnection.get(tick.connectionOpenedAt()), tick.sequence(), tick.writtenAt());
  }

  /**
   * A session begins when its connection opens, on one machine and one clock: the nearest one is
   * its own.
   */
  private static long nearest(long session, Set<Long> openings) {
    return openings.stream()
        .min(Comparator.comparingLong(openedAt -> Math.abs(openedAt - session)))
        .orElseThrow(() -> new AssertionError("nothing was sent, but session " + session + " is"));
  }

  private static Map<String, SentTick> bySequence(List<SentTick> ticks) {
    Map<String, SentTick> index = new HashMap<>();
    ticks.forEach(tick -> index.put(tick.symbol() + '/' + tick.sequence(), tick));
    return index;
  }
}
