package io.marketstream.soak;

import java.time.Duration;

/**
 * One reading of a gauge.
 *
 * @param at time since the beginning of the run
 * @param value in bytes, milliseconds or as a count, as the gauge's unit says
 */
record Reading(Duration at, double value) {}
