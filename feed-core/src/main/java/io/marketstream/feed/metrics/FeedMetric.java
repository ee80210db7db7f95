package io.marketstream.feed.metrics;

import java.util.function.LongSupplier;

/**
 * A metric of a task. It has the same name, unit and meaning wherever it is published.
 *
 * @param name lower case with hyphens
 * @param unit such as {@code ticks} or {@code ms}
 * @param value reads the current value, on any thread
 */
public record FeedMetric(String name, String unit, String description, LongSupplier value) {}
