/** The metrics of a task, and where they are published. */
@NullMarked
package io.marketstream.feed.metrics;

import org.jspecify.annotations.NullMarked;
