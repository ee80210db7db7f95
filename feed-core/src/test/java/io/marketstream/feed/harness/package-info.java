/**
 * What the tests of every connector share: a task driven as a worker drives it, damaged frames, the
 * log.
 */
package io.marketstream.feed.harness;
