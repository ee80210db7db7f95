package io.marketstream.auditor.evidence;

import java.util.Iterator;

/**
 * The ticks of one symbol in the topic.
 *
 * @param from epoch ms of receipt from which on all records are known; Long.MIN_VALUE for all
 * @param until epoch ms of receipt until which all records are known; Long.MAX_VALUE for all
 * @param records by partition and offset, including repetitions; read once
 */
public record TopicRecords(long from, long until, Iterator<TopicTick> records) {}
