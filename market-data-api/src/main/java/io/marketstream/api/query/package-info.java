/**
 * Answers questions about the market from the tables: symbols, candles, ticks, gaps, completeness.
 * It combines partitions and pages, and knows nothing of HTTP.
 */
@NullMarked
package io.marketstream.api.query;

import org.jspecify.annotations.NullMarked;
