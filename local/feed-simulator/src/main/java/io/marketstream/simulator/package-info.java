/**
 * Finnhub and CoinCap websocket servers on 127.0.0.1, faithful to docs/feeds.md, with faults on
 * demand and a journal of every tick that was written to a socket.
 *
 * <p>Three kinds of threads meet here: Jetty's (handshakes, frames from the client, closed
 * connections), the one sender thread of each simulator (everything that is written to a socket,
 * and the journal), and the caller's.
 */
package io.marketstream.simulator;
