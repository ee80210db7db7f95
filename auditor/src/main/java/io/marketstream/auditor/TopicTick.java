package io.marketstream.auditor;

import java.io.Serializable;

/** A tick with its place in the topic. */
public record TopicTick(TopicPlace place, Tick tick) implements Serializable {}
