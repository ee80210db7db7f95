/** The value converter of the connectors. */
package io.marketstream.feed.convert;
