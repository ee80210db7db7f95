/** The record of every tick that a simulator wrote to a socket, in memory and as a file. */
@NullMarked
package io.marketstream.simulator.journal;

import org.jspecify.annotations.NullMarked;
