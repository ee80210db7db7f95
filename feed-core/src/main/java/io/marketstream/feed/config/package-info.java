/** Tools to define, validate and document configuration keys. */
package io.marketstream.feed.config;
