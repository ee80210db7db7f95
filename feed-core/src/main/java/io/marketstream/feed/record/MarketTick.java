package io.marketstream.feed.record;

import io.marketstream.model.Fields;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * One tick, numbered at the socket or by its trade id. (source, symbol, session, sequence)
 * identifies it permanently.
 *
 * @param source the {@code source.name} of the connector
 * @param kind trade or indicative price
 * @param symbol as the provider spells it
 * @param price the feed's decimal, exact, in plain notation
 * @param volume the same; null if the feed sends none
 * @param conditions the provider's condition codes in wire order; null if the feed sends none
 * @param eventTime epoch ms by the provider's clock
 * @param receivedAt epoch ms at which the frame was read from the socket
 * @param session the connection that delivered it; {@link RepairProgress#SESSION} if it comes from
 *     the venue's history
 * @param sequence 0, 1, 2, … per (session, symbol); the trade id if it comes from the venue's
 *     history
 * @param tradeId the venue's id of the trade, exactly as sent; null if the feed sends none
 * @param side what the taker did; null if the feed does not say
 * @param origin how a tick with a trade id arrived; null without an id
 */
public record MarketTick(
    String source,
    TickKind kind,
    String symbol,
    String price,
    @Nullable String volume,
    @Nullable List<String> conditions,
    long eventTime,
    long receivedAt,
    long session,
    long sequence,
    @Nullable String tradeId,
    @Nullable TradeSide side,
    @Nullable TickOrigin origin) {

  public static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.marketstream.MarketTick")
          .version(2)
          .field(Fields.SOURCE, Schema.STRING_SCHEMA)
          .field(Fields.KIND, Schema.STRING_SCHEMA)
          .field(Fields.SYMBOL, Schema.STRING_SCHEMA)
          .field(Fields.PRICE, Schema.STRING_SCHEMA)
          .field(Fields.VOLUME, Schema.OPTIONAL_STRING_SCHEMA)
          .field(Fields.CONDITIONS, SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build())
          .field(Fields.EVENT_TIME, Timestamp.SCHEMA)
          .field(Fields.RECEIVED_AT, Timestamp.SCHEMA)
          .field(Fields.SESSION, Schema.INT64_SCHEMA)
          .field(Fields.SEQUENCE, Schema.INT64_SCHEMA)
          .field(Fields.TRADE_ID, Schema.OPTIONAL_STRING_SCHEMA)
          .field(Fields.SIDE, Schema.OPTIONAL_STRING_SCHEMA)
          .field(Fields.ORIGIN, Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  /** A tick of a feed without trade ids. */
  public MarketTick(
      String source,
      TickKind kind,
      String symbol,
      String price,
      @Nullable String volume,
      @Nullable List<String> conditions,
      long eventTime,
      long receivedAt,
      long session,
      long sequence) {
    this(
        source,
        kind,
        symbol,
        price,
        volume,
        conditions,
        eventTime,
        receivedAt,
        session,
        sequence,
        null,
        null,
        null);
  }

  /** The Connect form of the tick. */
  public Struct toStruct() {
    return new TickStruct(this);
  }
}
