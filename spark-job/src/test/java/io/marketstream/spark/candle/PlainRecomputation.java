package io.marketstream.spark.candle;

import io.marketstream.model.CandleKind;
import io.marketstream.model.TickKind;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Computes the candles of a symbol in the simplest way, from lists of the whole topic. It shares
 * only the list of condition codes with the fold.
 */
final class PlainRecomputation {
  private static final Comparator<Tick> BY_TIME =
      Comparator.comparingLong(Tick::eventTime)
          .thenComparingLong(Tick::session)
          .thenComparingLong(Tick::sequence);

  private final TradeConditions conditions = TradeConditions.finnhub();
  private final List<Tick> accepted = new ArrayList<>();
  private final Map<String, List<Tick>> ticksOfCandle = new TreeMap<>();
  private final Map<String, Candle> candles = new TreeMap<>();

  long duplicates;
  long late;

  PlainRecomputation(List<Tick> topic, Map<String, Long> intervals, long latenessMs) {
    for (Tick tick : topic) {
      if (isOfForgottenSession(tick)) {
        late++;
      } else if (accepted.stream()
          .anyMatch(a -> a.session() == tick.session() && a.sequence() >= tick.sequence())) {
        duplicates++;
      } else {
        accepted.add(tick);
        assign(tick, intervals, latenessMs);
      }
    }
    ticksOfCandle.forEach(
        (key, ticks) -> {
          String[] name = key.split(" ", -1);
          long openTime = Long.parseLong(name[1]);
          long closesAt = openTime + intervals.get(name[0]) + latenessMs;
          candles.put(key, candle(name[0], openTime, closesAt, ticks));
        });
  }

  Map<String, Candle> candles() {
    return candles;
  }

  Tick newest() {
    return accepted.stream().max(BY_TIME).orElseThrow();
  }

  static String key(String interval, long openTime) {
    return interval + " " + openTime;
  }

  private boolean isOfForgottenSession(Tick tick) {
    List<Long> newest =
        accepted.stream()
            .map(Tick::session)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .limit(16)
            .toList();
    return newest.size() == 16
        && !newest.contains(tick.session())
        && tick.session() < newest.get(15);
  }

  private void assign(Tick tick, Map<String, Long> intervals, long latenessMs) {
    long newest = accepted.stream().mapToLong(Tick::eventTime).max().orElseThrow();
    boolean tooLate = false;
    for (Map.Entry<String, Long> interval : intervals.entrySet()) {
      long openTime = tick.eventTime() - tick.eventTime() % interval.getValue();
      if (newest >= openTime + interval.getValue() + latenessMs) {
        tooLate = true;
      } else {
        ticksOfCandle
            .computeIfAbsent(key(interval.getKey(), openTime), k -> new ArrayList<>())
            .add(tick);
      }
    }
    late += tooLate ? 1 : 0;
  }

  private Candle candle(String interval, long openTime, long closesAt, List<Tick> ticks) {
    List<Tick> trades = ticks.stream().filter(t -> t.kind() == TickKind.TRADE).toList();
    List<Tick> regular = trades.stream().filter(t -> !isExtended(t)).toList();
    List<Tick> extended = trades.stream().filter(this::isExtended).toList();
    List<Tick> prices = ticks.stream().filter(t -> t.kind() == TickKind.PRICE).toList();
    boolean byTrades = regular.stream().anyMatch(this::movesLast);
    boolean byExtended = !byTrades && extended.stream().anyMatch(this::movesLast);
    boolean byPrices = !byTrades && !byExtended && prices.stream().anyMatch(this::movesLast);
    List<Tick> setters = byTrades ? regular : byExtended ? extended : byPrices ? prices : List.of();
    List<Tick> ends = setters.stream().filter(this::movesLast).sorted(BY_TIME).toList();
    BigDecimal high = null;
    BigDecimal low = null;
    for (Tick tick : setters) {
      if (conditions.permission(tick.conditions()).highLow()) {
        BigDecimal price = new BigDecimal(tick.price());
        high = high == null || price.compareTo(high) > 0 ? price : high;
        low = low == null || price.compareTo(low) < 0 ? price : low;
      }
    }
    BigDecimal volume = BigDecimal.ZERO;
    BigDecimal turnover = BigDecimal.ZERO;
    long count = 0;
    for (Tick trade : trades) {
      if (conditions.permission(trade.conditions()).volume()) {
        BigDecimal size = new BigDecimal(trade.volume() == null ? "0" : trade.volume());
        volume = volume.add(size);
        turnover = turnover.add(new BigDecimal(trade.price()).multiply(size));
        count++;
      }
    }
    return new Candle(
        "finnhub",
        "AAPL",
        interval,
        openTime,
        ends.isEmpty() ? null : new BigDecimal(ends.get(0).price()),
        high,
        low,
        ends.isEmpty() ? null : new BigDecimal(ends.get(ends.size() - 1).price()),
        volume,
        volume.signum() == 0 ? null : turnover.divide(volume, MathContext.DECIMAL128),
        count,
        byExtended ? CandleKind.EXTENDED : byPrices ? CandleKind.PRICE : CandleKind.TRADE,
        closesAt * 1000 + ticks.size());
  }

  private boolean isExtended(Tick tick) {
    return conditions.permission(tick.conditions()).extended();
  }

  private boolean movesLast(Tick tick) {
    return conditions.permission(tick.conditions()).last();
  }
}
