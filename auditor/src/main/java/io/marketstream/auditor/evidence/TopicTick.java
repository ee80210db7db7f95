package io.marketstream.auditor.evidence;

import java.io.Serializable;

/** A tick with its place in the topic. */
public record TopicTick(RecordPosition position, Tick tick) implements Serializable {}
