package io.marketstream.spark.candle;

import io.marketstream.model.CandleKind;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Computes the candles of a symbol in the simplest way, from lists of the whole topic. It shares
 * only the list of condition codes with the fold. It does not know how many trade ids and open
 * candles the fold remembers.
 */
final class PlainRecomputation {
  private static final Comparator<Tick> BY_TIME =
      Comparator.comparingLong(Tick::eventTime)
          .thenComparingLong(tick -> number(tick))
          .thenComparingLong(Tick::session)
          .thenComparingLong(Tick::sequence);

  private static final long DAY = 86_400_000;

  /** A trade id that was skipped, and the times between which its trade took place. */
  private static final class Missing {
    private final long skippedBy; // the id after the hole
    private long from;
    private long to;

    Missing(long skippedBy, long from, long to) {
      this.skippedBy = skippedBy;
      this.from = from;
      this.to = to;
    }
  }

  private final TradeConditions conditions = TradeConditions.finnhub();
  private final Set<Long> ids = new TreeSet<>();
  private final Map<Long, Missing> missing = new TreeMap<>();
  private final List<Tick> connections = new ArrayList<>();
  private final List<Tick> accepted = new ArrayList<>();
  private final Map<String, List<Tick>> ticksOfCandle = new TreeMap<>();
  private final Map<String, Candle> candles = new TreeMap<>();

  long duplicates;
  long late;

  PlainRecomputation(List<Tick> topic, Map<String, Long> intervals, long latenessMs) {
    for (Tick tick : topic) {
      boolean isRepair = tick.origin() == TickOrigin.REPAIR && tick.tradeId() != null;
      if (!isRepair && isOfForgottenSession(tick)) {
        late++;
      } else if (!isRepair
          && connections.stream()
              .anyMatch(c -> c.session() == tick.session() && c.sequence() >= tick.sequence())) {
        duplicates++;
      } else {
        if (!isRepair) {
          connections.add(tick);
        }
        addTrade(tick, intervals, latenessMs);
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
        connections.stream()
            .map(Tick::session)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .limit(16)
            .toList();
    return newest.size() == 16
        && !newest.contains(tick.session())
        && tick.session() < newest.get(15);
  }

  private static long number(Tick tick) {
    return tick.tradeId() == null ? -1 : Long.parseLong(tick.tradeId());
  }

  private void addTrade(Tick tick, Map<String, Long> intervals, long latenessMs) {
    boolean isNewest = accepted.stream().allMatch(a -> a.eventTime() < tick.eventTime());
    long id = number(tick);
    boolean isOld = tick.tradeId() != null && ids.stream().anyMatch(known -> known >= id);
    if (isNewest && isOld && !missing.containsKey(id)) {
      ids.clear(); // the venue has started its numbers over
      missing.clear();
    } else if (ids.contains(id)) {
      duplicates++;
      return;
    }
    long before = newestTime();
    accepted.add(tick);
    missing.values().removeIf(trade -> trade.to <= newestTime() - DAY);
    assign(tick, intervals, latenessMs);
    if (tick.tradeId() != null) {
      addId(number(tick), tick.eventTime(), before);
    }
  }

  private void addId(long id, long eventTime, long newestBefore) {
    Missing found = missing.remove(id);
    if (found != null) {
      long time = Math.min(Math.max(eventTime, found.from), found.to);
      missing.forEach(
          (other, trade) -> {
            if (trade.skippedBy == found.skippedBy && other < id) {
              trade.to = Math.min(trade.to, time);
            } else if (trade.skippedBy == found.skippedBy) {
              trade.from = Math.max(trade.from, time);
            }
          });
    } else if (!ids.isEmpty()) {
      for (long skipped = Collections.max(ids) + 1; skipped < id; skipped++) {
        missing.put(skipped, new Missing(id, newestBefore, newestTime()));
      }
    }
    ids.add(id);
  }

  private long newestTime() {
    return accepted.stream().mapToLong(Tick::eventTime).max().orElse(Long.MIN_VALUE);
  }

  private void assign(Tick tick, Map<String, Long> intervals, long latenessMs) {
    boolean tooLate = false;
    for (Map.Entry<String, Long> interval : intervals.entrySet()) {
      long openTime = tick.eventTime() - tick.eventTime() % interval.getValue();
      long end = openTime + interval.getValue();
      boolean isKept =
          missing.containsKey(number(tick))
              && missing.values().stream().anyMatch(t -> t.from < end && t.to >= openTime);
      if (newestTime() >= end + latenessMs && !isKept) {
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
