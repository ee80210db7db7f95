package io.marketstream.feed.session;

import java.time.Duration;

/**
 * How a session connects, waits and gives up. The keys of the connectors that set it stand in
 * {@link io.marketstream.feed.config.ConnectionConfig} and {@link
 * io.marketstream.feed.config.NetworkConfig}.
 *
 * @param tickSilence how long a connection may send frames without ticks; zero for any time. Unless
 *     zero, only frames with ticks prove that nothing is missed
 * @param pingInterval of RFC 6455 pings; zero for none
 * @param subscribeInterval between two subscribe frames
 * @param refusedRetry before a subscription that the feed refused is asked for again; it doubles
 *     with each refusal, up to {@value
 *     io.marketstream.feed.ledger.Subscriptions#LONGEST_RETRY_FACTOR} times as long
 * @param standstill of the whole process, from which on another worker may have its task
 * @param standstillSettling how long the feed is left alone after one
 * @param delayWindow of how long each published distribution of the feed's delay is
 * @param delayWarn the greatest median delay that needs no warning; zero for no warnings
 * @param maxFrameBytes larger frames are rejected; a message {@value #CUT_FACTOR} times larger cuts
 *     the connection
 * @param blockTimeout how long a full buffer may hold the socket back
 */
public record SessionSettings(
    Duration connectTimeout,
    Duration idleTimeout,
    Duration tickSilence,
    Duration pingInterval,
    Duration subscribeInterval,
    Duration refusedRetry,
    Duration reconnectBackoff,
    Duration reconnectBackoffMax,
    Duration stableAfter,
    Duration rateLimitBackoff,
    Duration standstill,
    Duration standstillSettling,
    Duration delayWindow,
    Duration delayWarn,
    int maxFrameBytes,
    Duration blockTimeout,
    NetworkSettings network) {

  static final int CUT_FACTOR = 16;
}
