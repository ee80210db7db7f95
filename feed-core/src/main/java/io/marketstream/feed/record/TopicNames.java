package io.marketstream.feed.record;

/**
 * Where records go and under which name.
 *
 * @param source the {@code source} of every record
 */
public record TopicNames(
    String source, String ticks, String gaps, String rejected, String heartbeats) {}
