package io.marketstream.feed.task;

import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.record.TopicNames;
import io.marketstream.feed.session.SessionSettings;
import java.time.Duration;

/**
 * The part of a connector's configuration that the shared {@link FeedSourceTask} needs.
 *
 * @param heartbeatInterval zero for no heartbeats
 * @param bufferCapacity in ticks
 */
public record FeedTaskConfig(
    FeedProtocol protocol,
    TopicNames names,
    SessionSettings session,
    Duration heartbeatInterval,
    int bufferCapacity,
    OverflowPolicy overflowPolicy) {}
