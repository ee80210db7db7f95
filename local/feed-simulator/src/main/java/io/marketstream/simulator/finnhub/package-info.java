/** The Finnhub feed: its handshake, subscriptions, frames and trades, as docs/feeds.md has them. */
@NullMarked
package io.marketstream.simulator.finnhub;

import org.jspecify.annotations.NullMarked;
