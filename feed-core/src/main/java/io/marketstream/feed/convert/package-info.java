/** The value converter of the connectors. */
@NullMarked
package io.marketstream.feed.convert;

import org.jspecify.annotations.NullMarked;
