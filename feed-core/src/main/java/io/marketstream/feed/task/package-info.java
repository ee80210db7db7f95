/**
 * The base classes of a connector and its task, and the conversion to Kafka records with offsets.
 */
package io.marketstream.feed.task;
