package io.marketstream.auditor.evidence;

/**
 * One row of the table {@code feed_gaps}.
 *
 * @param writtenAt epoch ms, Cassandra's write time of the row
 */
public record GapRow(Gap gap, long writtenAt) {}
