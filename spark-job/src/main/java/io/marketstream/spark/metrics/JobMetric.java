package io.marketstream.spark.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;

/**
 * One number of a query: of its last batch, since the start, or both.
 *
 * @param name without the query's
 * @param unit such as {@code ticks} or {@code ms}
 * @param last null where only the sum means something
 * @param total null where only the last one means something
 */
record JobMetric(
    String name, String unit, String meaning, Gauge<? extends Number> last, Counter total) {}
