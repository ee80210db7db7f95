/** The CoinCap connector: its configuration, protocol and decoder. */
@NullMarked
package io.marketstream.coincap;

import org.jspecify.annotations.NullMarked;
