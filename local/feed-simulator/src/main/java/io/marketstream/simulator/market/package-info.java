/**
 * A market that looks real: its instruments, how their prices move, which one ticks next, and the
 * ticks themselves. Everything but {@link io.marketstream.simulator.market.MarketPlayer} is
 * deterministic for a seed and reads no clock.
 */
@NullMarked
package io.marketstream.simulator.market;

import org.jspecify.annotations.NullMarked;
