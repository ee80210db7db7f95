package io.marketstream.feed.record;

import io.marketstream.model.Fields;
import io.marketstream.model.TickKind;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * One tick, numbered at the socket. (source, symbol, session, sequence) identifies it permanently.
 *
 * @param source the {@code source.name} of the connector
 * @param kind trade or indicative price
 * @param symbol as the provider spells it
 * @param price the feed's decimal, exact, in plain notation
 * @param volume the same; null if the feed sends none
 * @param conditions the provider's condition codes in wire order; null if the feed sends none
 * @param eventTime epoch ms by the provider's clock
 * @param receivedAt epoch ms at which the frame was read from the socket
 * @param session the connection that delivered it
 * @param sequence 0, 1, 2, … per (session, symbol)
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
    long sequence) {

  public static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.marketstream.MarketTick")
          .version(1)
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
          .build();

  /** The Connect form of the tick. */
  public Struct toStruct() {
    return new TickStruct(this);
  }
}
