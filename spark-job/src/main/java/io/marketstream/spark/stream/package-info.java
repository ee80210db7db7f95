/** The streaming queries, the steps of a batch, the real-time mode, and the supervision. */
@NullMarked
package io.marketstream.spark.stream;

import org.jspecify.annotations.NullMarked;
