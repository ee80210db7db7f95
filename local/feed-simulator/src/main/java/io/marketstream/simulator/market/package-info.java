/**
 * A market that looks real: which instruments there are, how their prices walk, which one ticks
 * next. Pure and deterministic for a seed; it knows no feed and no clock.
 */
package io.marketstream.simulator.market;
