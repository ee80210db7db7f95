/** The Coinbase connector: its configuration, its protocol and its decoder. */
@NullMarked
package io.marketstream.coinbase;

import org.jspecify.annotations.NullMarked;
