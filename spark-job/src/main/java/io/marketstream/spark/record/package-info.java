/** The records that the job reads from Kafka: ticks, gaps and rejects. */
@NullMarked
package io.marketstream.spark.record;

import org.jspecify.annotations.NullMarked;
