/** The Finnhub feed: its handshake, subscriptions, frames and trades, as docs/feeds.md has them. */
package io.marketstream.simulator.finnhub;
