/** How records become the bytes of a Kafka record. */
package io.marketstream.feed.convert;
