/** The CoinCap feed: its handshake, frames and prices, as docs/feeds.md has them. */
package io.marketstream.simulator.coincap;
