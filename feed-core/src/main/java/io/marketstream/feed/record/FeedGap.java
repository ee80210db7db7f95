package io.marketstream.feed.record;

import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/**
 * An interval in which ticks of a symbol may have been missed. Published open when noticed and
 * closed when over, both under the identity (source, symbol, gapStart, sessionBefore,
 * firstMissing).
 *
 * @param symbol the symbol, or {@code *} for a subscription to everything
 * @param gapStart epoch ms, never later than the true start
 * @param gapEnd epoch ms, never earlier than the true end; null while the gap is open
 * @param sessionBefore the session in which it began; 0 where there was none before
 * @param sessionAfter the session that ended it; null while the gap is open
 * @param firstMissing the sequence that the first missing tick would have had in sessionBefore
 * @param dropped how many ticks are missing, where we dropped them ourselves; else null
 * @param detail what a reader needs to understand the cause; free of secrets
 */
public record FeedGap(
    String source,
    String symbol,
    GapCause cause,
    long gapStart,
    Long gapEnd,
    long sessionBefore,
    Long sessionAfter,
    long firstMissing,
    Long dropped,
    String detail) {

  public static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.marketstream.FeedGap")
          .version(1)
          .field("source", Schema.STRING_SCHEMA)
          .field("symbol", Schema.STRING_SCHEMA)
          .field("cause", Schema.STRING_SCHEMA)
          .field("gap_start", Timestamp.SCHEMA)
          .field("gap_end", Timestamp.builder().optional().build())
          .field("session_before", Schema.INT64_SCHEMA)
          .field("session_after", Schema.OPTIONAL_INT64_SCHEMA)
          .field("first_missing", Schema.INT64_SCHEMA)
          .field("dropped", Schema.OPTIONAL_INT64_SCHEMA)
          .field("detail", Schema.STRING_SCHEMA)
          .build();

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

  public boolean isOpen() {
    return gapEnd == null;
  }

  /**
   * The closing record: the same identity, cause and detail. An end before the start is the clock's
   * doing.
   */
  public FeedGap closed(long end, long session) {
    return new FeedGap(
        source,
        symbol,
        cause,
        gapStart,
        Math.max(gapStart, end),
        sessionBefore,
        session,
        firstMissing,
        dropped,
        detail);
  }

  public Struct toStruct() {
    return new Struct(SCHEMA)
        .put("source", source)
        .put("symbol", symbol)
        .put("cause", cause.name())
        .put("gap_start", new Date(gapStart))
        .put("gap_end", gapEnd == null ? null : new Date(gapEnd))
        .put("session_before", sessionBefore)
        .put("session_after", sessionAfter)
        .put("first_missing", firstMissing)
        .put("dropped", dropped)
        .put("detail", detail);
  }
}
