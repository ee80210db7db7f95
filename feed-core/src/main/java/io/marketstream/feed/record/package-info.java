/**
 * The records of a connector with their schemas, its source offsets, and the keys of its topics.
 */
package io.marketstream.feed.record;
