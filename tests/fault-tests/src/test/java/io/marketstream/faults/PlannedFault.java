package io.marketstream.faults;

/**
 * A fault and its place in a fault run.
 *
 * @param pauseMs how long the pipeline runs undisturbed before the fault is injected
 */
record PlannedFault(Fault fault, long pauseMs) {}
