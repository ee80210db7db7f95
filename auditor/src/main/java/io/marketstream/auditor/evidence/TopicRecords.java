package io.marketstream.auditor.evidence;

import java.util.Iterator;

/**
 * The ticks of one symbol in the topic.
 *
 * @param from epoch ms of receipt from which on the topic is known; Long.MIN_VALUE for all of it
 * @param until epoch ms of receipt until which the topic is known; Long.MAX_VALUE for all of it
 * @param records by partition and offset, repetitions included; read once
 */
public record TopicRecords(long from, long until, Iterator<TopicTick> records) {}
