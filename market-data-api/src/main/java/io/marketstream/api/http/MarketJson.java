package io.marketstream.api.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.api.market.Candle;
import io.marketstream.api.market.Coverage;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.Tick;
import io.marketstream.api.query.Symbols;
import io.marketstream.model.Fields;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Market data as JSON. Prices and volumes are decimal text, so that no client rounds them. Each
 * time is there twice: as ISO-8601 text, and as epoch milliseconds in a field that ends in {@code
 * _ms}.
 */
public final class MarketJson {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int PERCENT_DIGITS = 4;

  private MarketJson() {}

  /** A tick, as {@code /api/ticks} and {@code /api/stream} have it. */
  public static ObjectNode tick(Tick tick) {
    ObjectNode node = NODES.objectNode();
    node.put(Fields.SOURCE, tick.instrument().source());
    node.put(Fields.SYMBOL, tick.instrument().symbol());
    node.put(Fields.KIND, tick.kind());
    node.put(Fields.PRICE, tick.price().toPlainString());
    node.put(Fields.VOLUME, text(tick.volume()));
    ArrayNode conditions = node.putArray(Fields.CONDITIONS);
    tick.conditions().forEach(conditions::add);
    time(node, Fields.EVENT_TIME, tick.eventTime());
    time(node, Fields.RECEIVED_AT, tick.receivedAt());
    node.put(Fields.SESSION, tick.id().session());
    node.put(Fields.SEQUENCE, tick.id().sequence());
    node.put(Fields.TRADE_ID, tick.tradeId());
    node.put(Fields.SIDE, tick.side());
    node.put(Fields.ORIGIN, tick.origin());
    return node;
  }

  /** A candle with the field names of Alpaca's bars. */
  static ObjectNode candle(Candle candle) {
    ObjectNode node = NODES.objectNode();
    time(node, "t", candle.openTime());
    Candle.Prices prices = candle.prices();
    node.put("o", prices == null ? null : prices.open().toPlainString());
    node.put("h", prices == null ? null : prices.high().toPlainString());
    node.put("l", prices == null ? null : prices.low().toPlainString());
    node.put("c", prices == null ? null : prices.close().toPlainString());
    node.put("v", candle.volume().toPlainString());
    node.put("n", candle.trades());
    node.put("vw", text(candle.vwap()));
    node.put(Fields.KIND, candle.kind());
    return node;
  }

  static ObjectNode gap(Gap gap) {
    ObjectNode node = NODES.objectNode();
    node.put(Fields.SOURCE, gap.source());
    node.put(Fields.SYMBOL, gap.symbol());
    node.put(Fields.CAUSE, gap.cause());
    time(node, Fields.GAP_START, gap.start());
    time(node, Fields.GAP_END, gap.end());
    node.put(Fields.SESSION_BEFORE, gap.sessionBefore());
    node.put(Fields.SESSION_AFTER, gap.sessionAfter());
    node.put(Fields.FIRST_MISSING, gap.firstMissing());
    node.put(Fields.DROPPED, gap.dropped());
    node.put(Fields.DETAIL, gap.detail());
    node.put(Fields.FIRST_MISSING_ID, gap.firstMissingId());
    node.put(Fields.LAST_MISSING_ID, gap.lastMissingId());
    time(node, Fields.REPAIRED_AT, gap.repairedAt());
    return node;
  }

  static ObjectNode coverage(Coverage coverage) {
    ObjectNode node = NODES.objectNode();
    time(node, "from", coverage.from());
    time(node, "to", coverage.to());
    node.put("state", coverage.state().name().toLowerCase(Locale.ROOT));
    node.put("covered_ms", coverage.coveredMs());
    node.put("gap_ms", coverage.gapMs());
    node.put("ticks", coverage.ticks());
    node.put(Fields.DROPPED, coverage.dropped());
    node.put("audited", coverage.isAudited());
    return node;
  }

  /**
   * A line of the list of symbols.
   *
   * @param now epoch ms, from which the age counts
   */
  static ObjectNode symbol(Symbols.Overview overview, long now) {
    Tick tick = overview.latest();
    ObjectNode node = NODES.objectNode();
    node.put(Fields.SOURCE, tick.instrument().source());
    node.put(Fields.SYMBOL, tick.instrument().symbol());
    node.put("simulated", tick.instrument().isSimulated());
    node.put(Fields.KIND, tick.kind());
    node.put(Fields.PRICE, tick.price().toPlainString());
    node.put(Fields.VOLUME, text(tick.volume()));
    time(node, Fields.EVENT_TIME, tick.eventTime());
    time(node, Fields.RECEIVED_AT, tick.receivedAt());
    node.put("age_ms", Math.max(0, now - tick.receivedAt()));
    node.put("day_open", text(overview.dayOpen()));
    node.put("change_percent", text(changePercent(overview.dayOpen(), tick.price())));
    Gap gap = overview.openGap();
    node.set("open_gap", gap == null ? NODES.nullNode() : gap(gap));
    return node;
  }

  private static @Nullable BigDecimal changePercent(@Nullable BigDecimal open, BigDecimal price) {
    return open == null || open.signum() == 0
        ? null
        : price
            .subtract(open)
            .multiply(BigDecimal.valueOf(100))
            .divide(open, MathContext.DECIMAL64)
            .setScale(PERCENT_DIGITS, RoundingMode.HALF_EVEN);
  }

  private static @Nullable String text(@Nullable BigDecimal value) {
    return value == null ? null : value.toPlainString();
  }

  private static void time(ObjectNode node, String name, @Nullable Long millis) {
    node.put(name, millis == null ? null : Instant.ofEpochMilli(millis).toString());
    node.put(name + "_ms", millis);
  }
}
