/** The Finnhub connector: its configuration, protocol and decoder. */
@NullMarked
package io.marketstream.finnhub;

import org.jspecify.annotations.NullMarked;
