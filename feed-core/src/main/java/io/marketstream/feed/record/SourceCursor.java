package io.marketstream.feed.record;

import io.marketstream.model.Fields;
import io.marketstream.model.GapCause;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A source offset in typed form. It says up to which tick the task has returned a symbol. While a
 * gap is open, it describes that gap, so that a restart closes the gap under the same identity.
 *
 * @param session the session of the last tick that {@code poll} returned; for an open gap its
 *     session_before
 * @param sequence the sequence of that tick, −1 for none; for an open gap first_missing − 1
 * @param receivedAt epoch ms of the record that carries the offset. It is never earlier than a
 *     session of the symbol, even if the clock has stepped back
 * @param safeUntil epoch ms before which every tick had been acknowledged when that record was
 *     returned
 * @param openGap the gap that was open; null for none
 * @param poll the number of the {@code poll} that returned that record, counted from 1; 0 if
 *     unknown. It orders the cursors of a session even if the clock steps
 * @param tradeId the newest trade id that the task has returned, or left out in a gap record; while
 *     a gap is open, the newest one before it; null if the feed has no ids
 * @param repairs what {@link RepairProgress#encode} returns for the repairs of the symbol; null for
 *     none
 * @param allSymbols whether the task subscribed to everything. Only the cursor of {@link
 *     #ALL_SYMBOLS} can say so. Otherwise that cursor comes from heartbeats
 */
public record SourceCursor(
    long session,
    long sequence,
    long receivedAt,
    long safeUntil,
    @Nullable OpenGap openGap,
    long poll,
    boolean allSymbols,
    @Nullable Long tradeId,
    @Nullable String repairs) {

  /** The symbol of a subscription to everything. */
  public static final String ALL_SYMBOLS = Fields.ALL_SYMBOLS;

  private static final String SOURCE = "source";
  private static final String SYMBOL = "symbol";
  private static final String SESSION = "session";
  private static final String SEQUENCE = "sequence";
  private static final String RECEIVED_AT = "received_at";
  private static final String SAFE_UNTIL = "safe_until";
  private static final String GAP_START = "gap_start";
  private static final String GAP_CAUSE = "gap_cause";
  private static final String GAP_DETAIL = "gap_detail";
  private static final String POLL = "poll";
  private static final String OF_ALL_SYMBOLS = "all_symbols";
  private static final String TRADE_ID = Fields.TRADE_ID;
  private static final String REPAIRS = "repairs";
  private static final Set<String> OFFSET_KEYS =
      Set.of(
          SESSION,
          SEQUENCE,
          RECEIVED_AT,
          SAFE_UNTIL,
          GAP_START,
          GAP_CAUSE,
          GAP_DETAIL,
          POLL,
          OF_ALL_SYMBOLS,
          TRADE_ID,
          REPAIRS);

  public SourceCursor(
      long session, long sequence, long receivedAt, long safeUntil, @Nullable OpenGap openGap) {
    this(session, sequence, receivedAt, safeUntil, openGap, 0, false, null, null);
  }

  /** A copy with the newest trade id. */
  public SourceCursor upToTrade(@Nullable Long id) {
    if (id == null && tradeId == null) {
      return this; // per tick of a feed without ids
    }
    return new SourceCursor(
        session, sequence, receivedAt, safeUntil, openGap, poll, allSymbols, id, repairs);
  }

  /** A copy with the repairs of the symbol. */
  public SourceCursor withRepairs(@Nullable String encoded) {
    if (encoded == null && repairs == null) {
      return this; // per tick of a feed without repairs
    }
    return new SourceCursor(
        session, sequence, receivedAt, safeUntil, openGap, poll, allSymbols, tradeId, encoded);
  }

  /** A copy with the number of the poll that returns it. */
  public SourceCursor returnedBy(long number, boolean everything) {
    return new SourceCursor(
        session, sequence, receivedAt, safeUntil, openGap, number, everything, tradeId, repairs);
  }

  /**
   * The part of an open gap that session and sequence do not hold. With it, a restart can close the
   * gap under the same identity.
   */
  public record OpenGap(long gapStart, GapCause cause, String detail) {}

  /**
   * The source partition of a symbol. Connect finds a stored offset by the bytes of its partition,
   * so the keys must have the same order in every JVM. {@link Map#of} does not guarantee that.
   */
  public static Map<String, String> partition(String source, String symbol) {
    // A HashMap, as Connect uses when it reads partitions back.
    Map<String, String> partition = new HashMap<>();
    partition.put(SOURCE, source);
    partition.put(SYMBOL, symbol);
    return new Partition(partition);
  }

  /** A partition that computes its hash once, because Connect asks for it per record. */
  private static final class Partition extends AbstractMap<String, String> {
    private final Set<Map.Entry<String, String>> entries;
    private final int hash;

    Partition(Map<String, String> partition) {
      entries = Collections.unmodifiableMap(partition).entrySet();
      hash = partition.hashCode();
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
      return entries;
    }

    @Override
    public boolean equals(Object other) {
      return super.equals(other);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** An offset that creates its entries on demand. Connect stores few of the offsets it gets. */
  private static final class Offset extends AbstractMap<String, Object> {
    private final SourceCursor cursor;
    private volatile @Nullable Set<Map.Entry<String, Object>> entries;

    Offset(SourceCursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      Set<Map.Entry<String, Object>> known = entries;
      if (known == null) {
        known = Collections.unmodifiableMap(cursor.offsetEntries()).entrySet();
        entries = known;
      }
      return known;
    }
  }

  /** The Connect form of the cursor. Unmodifiable, for any thread. */
  public Map<String, Object> toOffset() {
    return new Offset(this);
  }

  private Map<String, Object> offsetEntries() {
    Map<String, Object> offset = new HashMap<>();
    offset.put(SESSION, session);
    offset.put(SEQUENCE, sequence);
    offset.put(RECEIVED_AT, receivedAt);
    offset.put(SAFE_UNTIL, safeUntil);
    if (openGap != null) {
      offset.put(GAP_START, openGap.gapStart());
      offset.put(GAP_CAUSE, openGap.cause().name());
      offset.put(GAP_DETAIL, openGap.detail());
    }
    if (poll > 0) {
      offset.put(POLL, poll);
    }
    if (allSymbols) {
      offset.put(OF_ALL_SYMBOLS, true);
    }
    if (tradeId != null) {
      offset.put(TRADE_ID, tradeId);
    }
    if (repairs != null) {
      offset.put(REPAIRS, repairs);
    }
    return offset;
  }

  /**
   * Reads an offset that a user sets.
   *
   * @throws IllegalArgumentException if a key is missing, unknown or of the wrong type; the message
   *     names it
   */
  public static SourceCursor fromOffset(Map<String, ?> offset) {
    for (String key : offset.keySet()) {
      if (!OFFSET_KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key '"
                + key
                + "'; the keys of an offset are session, sequence, received_at and safe_until");
      }
    }
    if (offset.get(GAP_CAUSE) instanceof String name) {
      cause(name);
    }
    Object repairs = offset.get(REPAIRS);
    if (repairs != null) {
      if (!(repairs instanceof String encoded)) {
        throw new IllegalArgumentException("'" + REPAIRS + "' must be a text, not " + repairs);
      }
      RepairProgress.decode("", "", encoded);
    }
    return fromStored(offset);
  }

  /**
   * Reads an offset that is stored when a task starts. A newer version may have stored it, so
   * unknown keys are ignored.
   *
   * @throws IllegalArgumentException if a key is missing or of the wrong type; the message names it
   */
  public static SourceCursor fromStored(Map<String, ?> offset) {
    long session = number(offset, SESSION, 0);
    long sequence = number(offset, SEQUENCE, -1);
    long receivedAt = number(offset, RECEIVED_AT, 0);
    long safeUntil = number(offset, SAFE_UNTIL, 0);
    long poll = offset.get(POLL) == null ? 0 : number(offset, POLL, 0);
    boolean allSymbols = Boolean.TRUE.equals(offset.get(OF_ALL_SYMBOLS));
    Long tradeId = offset.get(TRADE_ID) == null ? null : number(offset, TRADE_ID, 1);
    String repairs = offset.get(REPAIRS) instanceof String encoded ? encoded : null;
    return new SourceCursor(
        session,
        sequence,
        receivedAt,
        safeUntil,
        openGap(offset),
        poll,
        allSymbols,
        tradeId,
        repairs);
  }

  private static @Nullable OpenGap openGap(Map<String, ?> offset) {
    if (offset.get(GAP_START) == null) {
      return null;
    }
    GapCause cause = GapCause.TASK_RESTART;
    for (GapCause known : GapCause.values()) {
      if (known.name().equals(offset.get(GAP_CAUSE))) {
        cause = known;
      }
    }
    String detail = offset.get(GAP_DETAIL) instanceof String text ? text : "";
    return new OpenGap(number(offset, GAP_START, 0), cause, detail);
  }

  /**
   * Checks a source partition as {@code PUT /connectors/…/offsets} sends it.
   *
   * @throws IllegalArgumentException if it is not {@code {"source": …, "symbol": …}}
   */
  public static void checkPartition(@Nullable Map<String, ?> partition) {
    if (partition == null
        || !partition.keySet().equals(Set.of(SOURCE, SYMBOL))
        || !(partition.get(SOURCE) instanceof String)
        || !(partition.get(SYMBOL) instanceof String)) {
      Map<String, ?> shown = partition == null ? Map.of() : new LinkedHashMap<>(partition);
      throw new IllegalArgumentException(
          "a partition is {\"source\": text, \"symbol\": text}, not " + shown);
    }
  }

  private static long number(Map<String, ?> offset, String key, long min) {
    Object value = offset.get(key);
    if (!(value instanceof Long || value instanceof Integer)) {
      throw new IllegalArgumentException("'" + key + "' must be a whole number, not " + value);
    }
    long number = ((Number) value).longValue();
    if (number < min) {
      throw new IllegalArgumentException(
          "'" + key + "' must be at least " + min + ", not " + number);
    }
    return number;
  }

  private static GapCause cause(String name) {
    try {
      return GapCause.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + GAP_CAUSE + "' is not a cause of a gap: " + name, e);
    }
  }
}
