package io.marketstream.auditor.evidence;

import java.io.Serializable;

/** A tick with the position of its record. */
public record TopicTick(RecordPosition position, Tick tick) implements Serializable {}
