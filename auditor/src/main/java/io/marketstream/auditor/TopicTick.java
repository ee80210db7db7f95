package io.marketstream.auditor;

/** A tick with its place in the topic. */
public record TopicTick(TopicPlace place, Tick tick) {}
