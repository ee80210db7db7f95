package io.marketstream.faults;

/**
 * A fault in its place in a season.
 *
 * @param pauseMs how long the pipeline runs undisturbed before the strike
 */
record ScheduledFault(Fault fault, long pauseMs) {}
