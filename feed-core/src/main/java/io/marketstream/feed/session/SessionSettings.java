package io.marketstream.feed.session;

import io.marketstream.feed.websocket.WebSocketSettings;
import java.time.Duration;

/**
 * When a {@link FeedSession} ends a connection and opens the next one. {@link ConnectionConfig}
 * reads it from the configuration.
 *
 * @param tickSilence how long a connection may send frames without ticks; zero for any time. Unless
 *     it is zero, only frames with ticks prove that nothing is missed
 * @param subscribeInterval the pause between two subscribe frames
 * @param refusedRetry the wait before the session repeats a subscription that the feed refused. It
 *     doubles with each refusal, up to {@value
 *     io.marketstream.feed.ledger.Subscriptions#MAX_RETRY_FACTOR} times the first wait
 * @param stableAfter how long a connection must deliver before the backoff starts over
 * @param processPause after a pause of the process that is longer, another worker may have the task
 * @param processPauseBackoff how long the session does not connect after such a pause
 * @param delayWindow the length of the window of each published distribution of the feed's delay
 * @param delayWarn the session warns of a median delay above this; zero for no warnings
 * @param blockTimeout how long a full buffer may keep the session from reading the socket
 */
public record SessionSettings(
    WebSocketSettings webSocket,
    Duration idleTimeout,
    Duration tickSilence,
    Duration subscribeInterval,
    Duration refusedRetry,
    Duration reconnectBackoff,
    Duration reconnectBackoffMax,
    Duration stableAfter,
    Duration processPause,
    Duration processPauseBackoff,
    Duration delayWindow,
    Duration delayWarn,
    Duration blockTimeout) {}
