package io.marketstream.feed.record;

import io.marketstream.model.Fields;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * A record that a connector publishes at a steady pace, even while its feed is quiet. Its source
 * offset says until when the connector has received the whole feed, which a restart needs.
 *
 * @param session the newest session; 0 before the first connection since the task started
 * @param sentAt epoch ms
 * @param lastFrameAt epoch ms at which the newest frame was read; null before the first frame since
 *     the task started
 * @param lastTickAt the same for the newest frame with a tick
 * @param connected whether a connection was open
 * @param subscriptionsWanted how many symbols are subscribed to; 1 for everything
 * @param subscriptionsRefused how many of them the feed refuses
 * @param feedDelayMs the median of received_at − event_time since the previous heartbeat, in ms;
 *     null if no tick came
 */
public record Heartbeat(
    String source,
    long session,
    long sentAt,
    @Nullable Long lastFrameAt,
    @Nullable Long lastTickAt,
    boolean connected,
    long subscriptionsWanted,
    long subscriptionsRefused,
    @Nullable Long feedDelayMs) {

  public static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.marketstream.Heartbeat")
          .version(1)
          .field(Fields.SOURCE, Schema.STRING_SCHEMA)
          .field(Fields.SESSION, Schema.INT64_SCHEMA)
          .field(Fields.SENT_AT, Timestamp.SCHEMA)
          .field(Fields.LAST_FRAME_AT, Timestamp.builder().optional().build())
          .field(Fields.LAST_TICK_AT, Timestamp.builder().optional().build())
          .field(Fields.CONNECTED, Schema.BOOLEAN_SCHEMA)
          .field(Fields.SUBSCRIPTIONS_WANTED, Schema.INT64_SCHEMA)
          .field(Fields.SUBSCRIPTIONS_REFUSED, Schema.INT64_SCHEMA)
          .field(Fields.FEED_DELAY_MS, Schema.OPTIONAL_INT64_SCHEMA)
          .build();

  /** The Connect form of the heartbeat. */
  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  public Struct toStruct() {
    return new Struct(SCHEMA)
        .put(Fields.SOURCE, source)
        .put(Fields.SESSION, session)
        .put(Fields.SENT_AT, new Date(sentAt))
        .put(Fields.LAST_FRAME_AT, lastFrameAt == null ? null : new Date(lastFrameAt))
        .put(Fields.LAST_TICK_AT, lastTickAt == null ? null : new Date(lastTickAt))
        .put(Fields.CONNECTED, connected)
        .put(Fields.SUBSCRIPTIONS_WANTED, subscriptionsWanted)
        .put(Fields.SUBSCRIPTIONS_REFUSED, subscriptionsRefused)
        .put(Fields.FEED_DELAY_MS, feedDelayMs);
  }
}
