/**
 * A feed as a websocket server on 127.0.0.1: handshakes, connections, sending, and the faults that
 * a test can inject. It knows no feed; the packages of the feeds extend {@link
 * io.marketstream.simulator.server.FeedSimulator}.
 */
@NullMarked
package io.marketstream.simulator.server;

import org.jspecify.annotations.NullMarked;
