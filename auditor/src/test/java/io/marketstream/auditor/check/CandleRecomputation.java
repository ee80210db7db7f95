package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.CandleId;
import io.marketstream.auditor.evidence.Tick;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computes a candle from the list of its ticks in the simplest way. */
final class CandleRecomputation {
  private final TradeConditions conditions = new TradeConditions();

  /**
   * @param ticks of one candle, in the order of the topic if it is known. If prices are equal but
   *     differ in scale, the first one is high or low
   */
  Candle candle(CandleId id, List<Tick> ticks) {
    List<Tick> trades = ticks.stream().filter(Tick::isTrade).toList();
    Map<String, List<Tick>> byKind = new LinkedHashMap<>(); // the first that has a price wins
    byKind.put(Tick.TRADE, trades.stream().filter(trade -> !isExtended(trade)).toList());
    byKind.put(Candle.EXTENDED, trades.stream().filter(this::isExtended).toList());
    byKind.put(Tick.PRICE, ticks.stream().filter(tick -> !tick.isTrade()).toList());
    String kind =
        byKind.keySet().stream()
            .filter(each -> byKind.get(each).stream().anyMatch(this::movesOpenAndClose))
            .findFirst()
            .orElse(null);
    List<Tick> setters = kind == null ? List.of() : byKind.get(kind);
    List<Tick> ends =
        setters.stream().filter(this::movesOpenAndClose).sorted(Tick.BY_TIME).toList();
    BigDecimal high = null;
    BigDecimal low = null;
    for (Tick tick : setters) {
      if (conditions.movesHighAndLow(tick.conditions())) {
        high = high == null || tick.price().compareTo(high) > 0 ? tick.price() : high;
        low = low == null || tick.price().compareTo(low) < 0 ? tick.price() : low;
      }
    }
    BigDecimal volume = BigDecimal.ZERO;
    BigDecimal turnover = BigDecimal.ZERO;
    long count = 0;
    for (Tick trade : trades) {
      if (conditions.movesVolume(trade.conditions())) {
        BigDecimal size = trade.volume() == null ? BigDecimal.ZERO : trade.volume();
        volume = volume.add(size);
        turnover = turnover.add(trade.price().multiply(size));
        count++;
      }
    }
    return new Candle(
        id.interval().name(),
        id.openTime(),
        ends.isEmpty() ? null : ends.get(0).price(),
        high,
        low,
        ends.isEmpty() ? null : ends.get(ends.size() - 1).price(),
        volume,
        volume.signum() == 0 ? null : turnover.divide(volume, MathContext.DECIMAL128),
        count,
        kind == null ? Tick.TRADE : kind);
  }

  private boolean isExtended(Tick trade) {
    return conditions.isExtended(trade.conditions());
  }

  private boolean movesOpenAndClose(Tick tick) {
    return conditions.movesOpenAndClose(tick.conditions());
  }
}
