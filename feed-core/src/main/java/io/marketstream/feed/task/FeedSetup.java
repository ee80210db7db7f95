package io.marketstream.feed.task;

import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.record.TopicNames;
import io.marketstream.feed.session.SessionSettings;
import java.time.Duration;

/**
 * What a connector's configuration means to the shared task.
 *
 * @param heartbeatInterval zero for no heartbeats
 * @param bufferCapacity in ticks
 */
public record FeedSetup(
    FeedProtocol protocol,
    TopicNames names,
    SessionSettings session,
    Duration heartbeatInterval,
    int bufferCapacity,
    OverflowPolicy overflowPolicy) {}
