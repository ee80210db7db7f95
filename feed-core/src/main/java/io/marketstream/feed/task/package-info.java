/**
 * The base classes of a connector and its task, and the conversion to Kafka records with offsets.
 */
@NullMarked
package io.marketstream.feed.task;

import org.jspecify.annotations.NullMarked;
