package io.marketstream.feed.record;

import io.marketstream.model.Fields;
import io.marketstream.model.GapCause;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * An interval in which ticks of a symbol may have been missed. It is published open when it is
 * noticed, and closed when it is over. Both records have the same identity (source, symbol,
 * gapStart, sessionBefore, firstMissing).
 *
 * @param symbol the symbol, or {@code *} for a subscription to everything
 * @param gapStart epoch ms, never later than the true start, with one exception. If the venue
 *     leaves out a trade and the connection or the task ends before a heartbeat of the venue names
 *     it, the trade may be up to two heartbeats older
 * @param gapEnd epoch ms, never earlier than the true end; null while the gap is open
 * @param sessionBefore the session in which it began; 0 if no session came before
 * @param sessionAfter the session that ended it; null while the gap is open
 * @param firstMissing the sequence that the first missing tick would have had in sessionBefore
 * @param dropped how many ticks the connector dropped; null unless it dropped them
 * @param detail what the connector knows about the cause, without secrets
 * @param firstMissingId the venue's id of the first missing trade; null if it is not known
 * @param lastMissingId the same for the last one
 * @param repairedAt epoch ms at which every missing trade was there or known to be absent, or at
 *     which the ids showed that none was missing; null if that has not happened
 */
public record FeedGap(
    String source,
    String symbol,
    GapCause cause,
    long gapStart,
    @Nullable Long gapEnd,
    long sessionBefore,
    @Nullable Long sessionAfter,
    long firstMissing,
    @Nullable Long dropped,
    String detail,
    @Nullable String firstMissingId,
    @Nullable String lastMissingId,
    @Nullable Long repairedAt) {

  public static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.marketstream.FeedGap")
          .version(2)
          .field(Fields.SOURCE, Schema.STRING_SCHEMA)
          .field(Fields.SYMBOL, Schema.STRING_SCHEMA)
          .field(Fields.CAUSE, Schema.STRING_SCHEMA)
          .field(Fields.GAP_START, Timestamp.SCHEMA)
          .field(Fields.GAP_END, Timestamp.builder().optional().build())
          .field(Fields.SESSION_BEFORE, Schema.INT64_SCHEMA)
          .field(Fields.SESSION_AFTER, Schema.OPTIONAL_INT64_SCHEMA)
          .field(Fields.FIRST_MISSING, Schema.INT64_SCHEMA)
          .field(Fields.DROPPED, Schema.OPTIONAL_INT64_SCHEMA)
          .field(Fields.DETAIL, Schema.STRING_SCHEMA)
          .field(Fields.FIRST_MISSING_ID, Schema.OPTIONAL_STRING_SCHEMA)
          .field(Fields.LAST_MISSING_ID, Schema.OPTIONAL_STRING_SCHEMA)
          .field(Fields.REPAIRED_AT, Timestamp.builder().optional().build())
          .build();

  /** A gap of which no trade ids are known. */
  public FeedGap(
      String source,
      String symbol,
      GapCause cause,
      long gapStart,
      @Nullable Long gapEnd,
      long sessionBefore,
      @Nullable Long sessionAfter,
      long firstMissing,
      @Nullable Long dropped,
      String detail) {
    this(
        source,
        symbol,
        cause,
        gapStart,
        gapEnd,
        sessionBefore,
        sessionAfter,
        firstMissing,
        dropped,
        detail,
        null,
        null,
        null);
  }

  /** A gap that has just been noticed. */
  public static FeedGap open(
      String source,
      String symbol,
      GapCause cause,
      long gapStart,
      long sessionBefore,
      long firstMissing,
      String detail) {
    return new FeedGap(
        source, symbol, cause, gapStart, null, sessionBefore, null, firstMissing, null, detail);
  }

  /** Whether the gap is not over yet. */
  public boolean isOpen() {
    return gapEnd == null;
  }

  /**
   * The closed record, with the same identity, cause and detail. If the clock has stepped back, the
   * end equals the start.
   */
  public FeedGap closed(long end, long session) {
    return copy(Math.max(gapStart, end), session, firstMissingId, lastMissingId, repairedAt);
  }

  /** The same gap with the ids of its missing trades. */
  public FeedGap missing(String firstId, String lastId) {
    return copy(gapEnd, sessionAfter, firstId, lastId, null);
  }

  /** The same gap, of which the ids of the missing trades are not known. */
  public FeedGap withoutIds() {
    return copy(gapEnd, sessionAfter, null, null, null);
  }

  /** The same gap, of which no trade is missing. */
  public FeedGap repaired(long at) {
    return copy(
        gapEnd,
        sessionAfter,
        firstMissingId,
        lastMissingId,
        Math.max(gapEnd == null ? gapStart : gapEnd, at));
  }

  /** A copy with the same identity, cause and detail. */
  private FeedGap copy(
      @Nullable Long end,
      @Nullable Long session,
      @Nullable String firstId,
      @Nullable String lastId,
      @Nullable Long repaired) {
    return new FeedGap(
        source,
        symbol,
        cause,
        gapStart,
        end,
        sessionBefore,
        session,
        firstMissing,
        dropped,
        detail,
        firstId,
        lastId,
        repaired);
  }

  /** The Connect form of the gap. */
  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  public Struct toStruct() {
    return new Struct(SCHEMA)
        .put(Fields.SOURCE, source)
        .put(Fields.SYMBOL, symbol)
        .put(Fields.CAUSE, cause.name())
        .put(Fields.GAP_START, new Date(gapStart))
        .put(Fields.GAP_END, gapEnd == null ? null : new Date(gapEnd))
        .put(Fields.SESSION_BEFORE, sessionBefore)
        .put(Fields.SESSION_AFTER, sessionAfter)
        .put(Fields.FIRST_MISSING, firstMissing)
        .put(Fields.DROPPED, dropped)
        .put(Fields.DETAIL, detail)
        .put(Fields.FIRST_MISSING_ID, firstMissingId)
        .put(Fields.LAST_MISSING_ID, lastMissingId)
        .put(Fields.REPAIRED_AT, repairedAt == null ? null : new Date(repairedAt));
  }
}
