package io.marketstream.auditor.evidence;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one symbol that change with new ticks, all read at the same time.
 *
 * @param latestTick the row of {@code latest_ticks}; null if there is none
 * @param openFrom epoch ms per name of an interval: candles that open then or later are in {@code
 *     candles}; an interval without an entry has no such candle
 * @param candles by the name of the interval and the opening time
 * @param areComparable whether all ticks are known that these rows may contain
 */
public record ChangingRows(
    @Nullable Tick latestTick,
    Map<String, Long> openFrom,
    Map<String, Map<Long, Candle>> candles,
    boolean areComparable)
    implements Serializable {
  public ChangingRows {
    openFrom = Map.copyOf(openFrom);
    candles = Map.copyOf(candles);
  }

  /** Creates the rows, with or without a row of {@code latest_ticks}. */
  public static ChangingRows of(
      Optional<Tick> latest,
      Map<String, Long> openFrom,
      Map<String, Map<Long, Candle>> candles,
      boolean areComparable) {
    return new ChangingRows(latest.orElse(null), openFrom, candles, areComparable);
  }

  /** The row of {@code latest_ticks}. */
  public Optional<Tick> latest() {
    return Optional.ofNullable(latestTick);
  }

  /** Creates the rows of a symbol that does not change any more. */
  public static ChangingRows settled(Optional<Tick> latest) {
    return of(latest, Map.of(), Map.of(), true);
  }

  public boolean holds(CandleId id) {
    Long from = openFrom.get(id.interval().name());
    return from != null && id.openTime() >= from;
  }

  /** Returns the row of a candle; null if there is none. */
  public @Nullable Candle candle(CandleId id) {
    return candles.getOrDefault(id.interval().name(), Map.of()).get(id.openTime());
  }
}
