/**
 * The Coinbase Exchange feed: its websocket with matches and heartbeats, its REST pages for repair,
 * and the venue whose trades both show, as docs/feeds.md has them.
 */
@NullMarked
package io.marketstream.simulator.coinbase;

import org.jspecify.annotations.NullMarked;
