/**
 * The evidence of an audit as values: ticks, candles, gaps and rejects, as sockets, topics and
 * tables have them.
 */
@NullMarked
package io.marketstream.auditor.evidence;

import org.jspecify.annotations.NullMarked;
