package io.marketstream.faults;

/**
 * One entry in the history of a fault run.
 *
 * @param fault the name of the fault
 * @param recoveryMs from the injection until a row of each feed can be read that was received after
 *     the fault was over
 * @param behindMs the age of the newest row of the slower feed right before the injection
 */
record InjectedFault(String fault, long recoveryMs, long behindMs) {}
