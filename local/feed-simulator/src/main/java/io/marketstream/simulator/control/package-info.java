/** The HTTP endpoint through which another process reads counters and injects faults. */
@NullMarked
package io.marketstream.simulator.control;

import org.jspecify.annotations.NullMarked;
