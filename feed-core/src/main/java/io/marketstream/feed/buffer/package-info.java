/** The bounded buffer between the socket thread and the task thread. */
package io.marketstream.feed.buffer;
