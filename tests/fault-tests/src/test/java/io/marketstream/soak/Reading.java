package io.marketstream.soak;

import java.time.Duration;

/**
 * What a gauge showed.
 *
 * @param at since the begin of the run
 * @param value in the gauge's unit
 */
record Reading(Duration at, double value) {}
