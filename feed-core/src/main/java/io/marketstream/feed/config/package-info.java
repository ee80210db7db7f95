/** Tools to define, validate and document configuration keys. */
@NullMarked
package io.marketstream.feed.config;

import org.jspecify.annotations.NullMarked;
