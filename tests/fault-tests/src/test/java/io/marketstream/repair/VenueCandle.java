package io.marketstream.repair;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.simulator.market.SimMatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A candle of a venue that numbers its trades: of the table {@code candles}, or computed from every
 * trade that the venue made, as a run without faults stores it.
 *
 * @param openTime epoch ms
 */
record VenueCandle(
    String product,
    String interval,
    long openTime,
    BigDecimal open,
    BigDecimal high,
    BigDecimal low,
    BigDecimal close,
    BigDecimal volume,
    long trades) {

  private static final Map<String, Long> INTERVALS = Map.of("1m", 60_000L, "1h", 3_600_000L);

  /** Returns the candles of these trades, which are those of one product in their order. */
  static List<VenueCandle> of(List<SimMatch> history) {
    List<VenueCandle> candles = new ArrayList<>();
    INTERVALS.forEach(
        (name, millis) -> {
          Map<Long, VenueCandle> byTime = new LinkedHashMap<>();
          for (SimMatch trade : history) {
            long time = trade.eventTimeMs() - trade.eventTimeMs() % millis;
            byTime.merge(time, first(trade, name, time), VenueCandle::and);
          }
          candles.addAll(byTime.values());
        });
    return candles;
  }

  private static VenueCandle first(SimMatch trade, String interval, long openTime) {
    BigDecimal price = plain(new BigDecimal(trade.price()));
    return new VenueCandle(
        trade.symbol(),
        interval,
        openTime,
        price,
        price,
        price,
        price,
        plain(new BigDecimal(trade.size())),
        1);
  }

  private VenueCandle and(VenueCandle later) {
    return new VenueCandle(
        product,
        interval,
        openTime,
        open,
        high.max(later.high),
        low.min(later.low),
        later.close,
        plain(volume.add(later.volume)),
        trades + later.trades);
  }

  /**
   * Reads the candles of a source.
   *
   * @param session that uses the keyspace of the job
   */
  static Set<VenueCandle> stored(CqlSession session, String source) {
    return session.execute("SELECT * FROM candles").all().stream()
        .filter(row -> source.equals(row.getString("source")))
        .map(VenueCandle::of)
        .collect(Collectors.toSet());
  }

  private static VenueCandle of(Row row) {
    return new VenueCandle(
        row.getString("symbol"),
        row.getString("interval"),
        row.getInstant("open_time").toEpochMilli(),
        plain(row.getBigDecimal("open")),
        plain(row.getBigDecimal("high")),
        plain(row.getBigDecimal("low")),
        plain(row.getBigDecimal("close")),
        plain(row.getBigDecimal("volume")),
        row.getLong("trades"));
  }

  /** Returns the candles of several products. */
  static Set<VenueCandle> ofAll(Collection<List<SimMatch>> histories) {
    return histories.stream().flatMap(history -> of(history).stream()).collect(Collectors.toSet());
  }

  private static BigDecimal plain(BigDecimal value) {
    return value.stripTrailingZeros();
  }
}
