/** What the job counts of its batches, and where it shows: Spark's metrics system and the log. */
package io.marketstream.spark.metrics;
