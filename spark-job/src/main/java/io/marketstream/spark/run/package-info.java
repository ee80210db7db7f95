/** Starts, runs and ends the job: from the command line to the exit code. */
@NullMarked
package io.marketstream.spark.run;

import org.jspecify.annotations.NullMarked;
