/** The records that connectors publish, their Connect schemas and source offsets. */
package io.marketstream.feed.record;
