/** Reading from Kafka, publishing rejects to it and checking its brokers. */
@NullMarked
package io.marketstream.spark.kafka;

import org.jspecify.annotations.NullMarked;
