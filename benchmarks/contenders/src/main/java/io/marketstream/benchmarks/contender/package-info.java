/** What the job and the connectors are compared with, and the load that they get. */
package io.marketstream.benchmarks.contender;
