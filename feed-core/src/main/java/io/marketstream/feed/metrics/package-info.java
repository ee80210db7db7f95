/** The metrics of a task, and where they are published. */
package io.marketstream.feed.metrics;
