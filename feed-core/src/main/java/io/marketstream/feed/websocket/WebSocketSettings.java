package io.marketstream.feed.websocket;

import java.time.Duration;

/**
 * How a connection is opened, and what it accepts. {@link WebSocketConfig} reads it from the
 * configuration.
 *
 * @param connectTimeout for the whole handshake
 * @param pingInterval between two websocket pings; zero for no pings
 * @param rateLimitBackoff the wait after HTTP 429 without {@code Retry-After}
 * @param maxFrameBytes larger frames are rejected. A message that is {@value #MESSAGE_LIMIT_FACTOR}
 *     times larger ends the connection
 */
public record WebSocketSettings(
    Duration connectTimeout,
    Duration pingInterval,
    Duration rateLimitBackoff,
    int maxFrameBytes,
    NetworkSettings network) {

  static final int MESSAGE_LIMIT_FACTOR = 16;
}
