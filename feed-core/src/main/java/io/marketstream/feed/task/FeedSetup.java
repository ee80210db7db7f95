package io.marketstream.feed.task;

import io.marketstream.feed.buffer.OverflowPolicy;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.record.TopicNames;
import io.marketstream.feed.session.SessionSettings;

/**
 * What a connector's configuration means to the shared task.
 *
 * @param bufferCapacity in ticks
 */
public record FeedSetup(
    FeedProtocol protocol,
    TopicNames names,
    SessionSettings session,
    int bufferCapacity,
    OverflowPolicy overflowPolicy) {}
