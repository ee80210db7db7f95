package io.marketstream.model;

/**
 * The names of the fields of records. A column that holds a field has the field's name. Times are
 * epoch milliseconds, and prices are decimal text.
 */
public final class Fields {
  /** In the field {@link #SYMBOL} of a gap: the gap concerns every symbol of the source. */
  public static final String ALL_SYMBOLS = "*";

  public static final String SOURCE = "source";
  public static final String SYMBOL = "symbol";
  public static final String SESSION = "session";
  public static final String RECEIVED_AT = "received_at";

  // Ticks
  public static final String KIND = "kind";
  public static final String PRICE = "price";
  public static final String VOLUME = "volume";
  public static final String CONDITIONS = "conditions";
  public static final String EVENT_TIME = "event_time";
  public static final String SEQUENCE = "sequence";
  public static final String TRADE_ID = "trade_id";
  public static final String SIDE = "side";

  /** Of a tick: live or by repair. Of a reject: where in a topic it came from. */
  public static final String ORIGIN = "origin";

  // Gaps
  public static final String CAUSE = "cause";
  public static final String GAP_START = "gap_start";
  public static final String GAP_END = "gap_end";
  public static final String SESSION_BEFORE = "session_before";
  public static final String SESSION_AFTER = "session_after";
  public static final String FIRST_MISSING = "first_missing";
  public static final String DROPPED = "dropped";
  public static final String DETAIL = "detail";
  public static final String FIRST_MISSING_ID = "first_missing_id";
  public static final String LAST_MISSING_ID = "last_missing_id";
  public static final String REPAIRED_AT = "repaired_at";

  // Rejects
  public static final String REASON = "reason";
  public static final String INPUT = "input";
  public static final String ENCODING = "encoding";

  // Heartbeats
  public static final String SENT_AT = "sent_at";
  public static final String LAST_FRAME_AT = "last_frame_at";
  public static final String LAST_TICK_AT = "last_tick_at";
  public static final String CONNECTED = "connected";
  public static final String SUBSCRIPTIONS_WANTED = "subscriptions_wanted";
  public static final String SUBSCRIPTIONS_REFUSED = "subscriptions_refused";
  public static final String FEED_DELAY_MS = "feed_delay_ms";

  private Fields() {}
}
