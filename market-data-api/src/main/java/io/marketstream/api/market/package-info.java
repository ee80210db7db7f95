/**
 * Market data as values: ticks, candles, gaps and coverage, and what is computed from them. Pure:
 * no I/O and no clock.
 */
@NullMarked
package io.marketstream.api.market;

import org.jspecify.annotations.NullMarked;
