/** The bounded buffer between the socket thread and the task thread. */
@NullMarked
package io.marketstream.feed.buffer;

import org.jspecify.annotations.NullMarked;
