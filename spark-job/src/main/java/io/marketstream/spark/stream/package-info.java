/** The streaming query, the steps of a batch, and the supervision of the query. */
@NullMarked
package io.marketstream.spark.stream;

import org.jspecify.annotations.NullMarked;
