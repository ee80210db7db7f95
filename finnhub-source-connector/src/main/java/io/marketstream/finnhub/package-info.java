/** The Finnhub connector: its configuration, protocol and decoder. */
package io.marketstream.finnhub;
