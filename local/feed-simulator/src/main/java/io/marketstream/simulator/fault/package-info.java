/** Values that describe faults: of a handshake, of a frame, and of a client that does not read. */
@NullMarked
package io.marketstream.simulator.fault;

import org.jspecify.annotations.NullMarked;
