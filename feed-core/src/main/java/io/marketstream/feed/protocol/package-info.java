/**
 * The interface between a feed's protocol and the rest, with tools for decoders. No I/O, no clock.
 */
package io.marketstream.feed.protocol;
