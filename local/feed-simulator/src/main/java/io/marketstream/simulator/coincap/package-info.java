/** The CoinCap feed: its handshake, frames and prices, as docs/feeds.md has them. */
@NullMarked
package io.marketstream.simulator.coincap;

import org.jspecify.annotations.NullMarked;
