/** The CoinCap connector: its configuration, protocol and decoder. */
package io.marketstream.coincap;
