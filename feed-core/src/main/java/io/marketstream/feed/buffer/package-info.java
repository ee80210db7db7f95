/** The bounded hand-over from the socket thread to the task thread. */
package io.marketstream.feed.buffer;
