/**
 * The records of a connector with their schemas, its source offsets, and the keys of its topics.
 */
@NullMarked
package io.marketstream.feed.record;

import org.jspecify.annotations.NullMarked;
