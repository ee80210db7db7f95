package io.marketstream.feed.metrics;

import java.util.function.LongSupplier;

/**
 * One number that a task shows: the same name, unit and meaning wherever it is published.
 *
 * @param name lower case with hyphens
 * @param unit such as {@code ticks} or {@code ms}
 * @param value read at any time, on any thread
 */
public record FeedMetric(String name, String unit, String description, LongSupplier value) {}
