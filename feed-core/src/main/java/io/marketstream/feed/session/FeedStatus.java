package io.marketstream.feed.session;

/**
 * What a session knows of its feed at one moment. Everything received until then has been put into
 * the buffer before.
 *
 * @param session the newest session that this task opened; 0 for none
 * @param lastFrameAt epoch ms; null before the first frame
 * @param lastTickAt epoch ms; null before the first tick
 * @param refused how many symbols the feed refuses
 * @param delayMs the median of received_at − event_time since the status before; null where no tick
 *     tells of it
 * @param heardUntil epoch ms until which nothing of the session was missed but by symbols with an
 *     open gap, by the clock as it stands now; 0 before the first session
 */
public record FeedStatus(
    long session,
    Long lastFrameAt,
    Long lastTickAt,
    boolean connected,
    int refused,
    Long delayMs,
    long heardUntil) {}
