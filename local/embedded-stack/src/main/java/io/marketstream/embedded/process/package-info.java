/** Child processes: their command line, environment, log, exit code and signals. */
@NullMarked
package io.marketstream.embedded.process;

import org.jspecify.annotations.NullMarked;
