/**
 * The command that starts the simulators of Finnhub and CoinCap as one process. The packages below
 * hold the servers, their markets, their faults and the journal.
 *
 * <p>Three kinds of threads meet in a simulator: Jetty's threads (handshakes, frames from clients,
 * closed connections), one sender thread per simulator that makes the messages, and the threads of
 * callers. Each connection has one more thread, which writes its messages.
 */
@NullMarked
package io.marketstream.simulator;

import org.jspecify.annotations.NullMarked;
