/** Parses and validates the JSON of Kafka records. */
@NullMarked
package io.marketstream.spark.parse;

import org.jspecify.annotations.NullMarked;
