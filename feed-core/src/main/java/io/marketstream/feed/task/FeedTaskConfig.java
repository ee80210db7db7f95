package io.marketstream.feed.task;

import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.record.TopicNames;
import io.marketstream.feed.repair.RepairSettings;
import io.marketstream.feed.session.SessionSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The part of a connector's configuration that the shared {@link FeedSourceTask} needs.
 *
 * @param heartbeatInterval zero for no heartbeats
 * @param bufferCapacity in ticks
 * @param repair how gaps are repaired from the venue's history; null if they are not
 */
public record FeedTaskConfig(
    FeedProtocol protocol,
    TopicNames names,
    SessionSettings session,
    Duration heartbeatInterval,
    int bufferCapacity,
    OverflowPolicy overflowPolicy,
    @Nullable RepairSettings repair) {

  /** The configuration of a feed whose gaps cannot be repaired. */
  public FeedTaskConfig(
      FeedProtocol protocol,
      TopicNames names,
      SessionSettings session,
      Duration heartbeatInterval,
      int bufferCapacity,
      OverflowPolicy overflowPolicy) {
    this(protocol, names, session, heartbeatInterval, bufferCapacity, overflowPolicy, null);
  }
}
