/** The fold of one symbol: candles and the latest tick, computed from its ticks in topic order. */
@NullMarked
package io.marketstream.spark.candle;

import org.jspecify.annotations.NullMarked;
