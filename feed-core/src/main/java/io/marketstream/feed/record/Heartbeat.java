package io.marketstream.feed.record;

import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/**
 * A sign of life of a connector, published at a steady pace also while its feed is quiet. Its
 * source offset says how far the whole source has been heard, so that a restart knows it.
 *
 * @param session the newest session; 0 before the first connection since the task started
 * @param sentAt epoch ms
 * @param lastFrameAt epoch ms at which the newest frame was read; null before the first since the
 *     task started
 * @param lastTickAt the same of the newest frame with a tick
 * @param connected whether a connection was open
 * @param subscriptionsWanted how many symbols are subscribed to; 1 for everything
 * @param subscriptionsRefused how many of them the feed refuses
 * @param feedDelayMs the median of received_at − event_time since the heartbeat before, in ms; null
 *     where no tick came
 */
public record Heartbeat(
    String source,
    long session,
    long sentAt,
    Long lastFrameAt,
    Long lastTickAt,
    boolean connected,
    long subscriptionsWanted,
    long subscriptionsRefused,
    Long feedDelayMs) {

  public static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.marketstream.Heartbeat")
          .version(1)
          .field("source", Schema.STRING_SCHEMA)
          .field("session", Schema.INT64_SCHEMA)
          .field("sent_at", Timestamp.SCHEMA)
          .field("last_frame_at", Timestamp.builder().optional().build())
          .field("last_tick_at", Timestamp.builder().optional().build())
          .field("connected", Schema.BOOLEAN_SCHEMA)
          .field("subscriptions_wanted", Schema.INT64_SCHEMA)
          .field("subscriptions_refused", Schema.INT64_SCHEMA)
          .field("feed_delay_ms", Schema.OPTIONAL_INT64_SCHEMA)
          .build();

  public Struct toStruct() {
    return new Struct(SCHEMA)
        .put("source", source)
        .put("session", session)
        .put("sent_at", new Date(sentAt))
        .put("last_frame_at", lastFrameAt == null ? null : new Date(lastFrameAt))
        .put("last_tick_at", lastTickAt == null ? null : new Date(lastTickAt))
        .put("connected", connected)
        .put("subscriptions_wanted", subscriptionsWanted)
        .put("subscriptions_refused", subscriptionsRefused)
        .put("feed_delay_ms", feedDelayMs);
  }
}
