/** The CoinCap plugin: configuration, protocol, decoder. */
package io.marketstream.coincap;
