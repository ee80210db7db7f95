package io.marketstream.faults;

/**
 * One fault of a season.
 *
 * @param fault its kind
 * @param recoveryMs from the strike to a readable row of both feeds that was received after the
 *     fault was over
 * @param behindMs how old the older of both feeds' newest rows was right before the strike
 */
record Round(String fault, long recoveryMs, long behindMs) {}
