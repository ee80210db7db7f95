/**
 * Compact binary encoding of ticks, for the state of a symbol and for the shuffle between tasks.
 */
@NullMarked
package io.marketstream.spark.codec;

import org.jspecify.annotations.NullMarked;
