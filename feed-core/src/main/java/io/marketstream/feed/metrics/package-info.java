/** What a task counts about its feed. */
package io.marketstream.feed.metrics;
