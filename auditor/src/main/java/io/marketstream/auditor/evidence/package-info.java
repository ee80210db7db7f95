/**
 * The evidence of an audit as values: ticks, candles, gaps and rejects, as sockets, topics and
 * tables have them.
 */
package io.marketstream.auditor.evidence;
