/** The HTTP endpoint through which another process reads counters and injects faults. */
package io.marketstream.simulator.control;
