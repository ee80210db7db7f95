/** The Finnhub plugin: configuration, protocol, decoder. */
package io.marketstream.finnhub;
