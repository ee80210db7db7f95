package io.marketstream.feed.session;

import org.jspecify.annotations.Nullable;

/**
 * The state of a session at one moment, for a heartbeat. Everything that was received until then is
 * already in the buffer.
 *
 * @param session the newest session that this task has opened; 0 for none
 * @param lastFrameAt epoch ms; null before the first frame
 * @param lastTickAt epoch ms; null before the first tick
 * @param connected whether a connection is open
 * @param refused how many symbols the feed refuses
 * @param delayMs the median of received_at − event_time since the previous status; null if no tick
 *     had a delay
 * @param receivedUntil epoch ms of the current clock until which no tick of the session was missed,
 *     except for symbols with an open gap; 0 before the first session
 */
public record FeedStatus(
    long session,
    @Nullable Long lastFrameAt,
    @Nullable Long lastTickAt,
    boolean connected,
    int refused,
    @Nullable Long delayMs,
    long receivedUntil) {}
