/** The Connect task and connector that all feeds share. */
package io.marketstream.feed.task;
