/**
 * The interface between a feed's protocol and the rest, with tools for decoders. No I/O, no clock.
 */
@NullMarked
package io.marketstream.feed.protocol;

import org.jspecify.annotations.NullMarked;
