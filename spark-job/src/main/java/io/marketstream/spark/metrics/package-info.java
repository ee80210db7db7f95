/** What the job counts and measures per batch, for the metrics system of Spark and for the log. */
@NullMarked
package io.marketstream.spark.metrics;

import org.jspecify.annotations.NullMarked;
