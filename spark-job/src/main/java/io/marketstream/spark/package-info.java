/** The main class of the Spark job. The packages below it contain the parts of the job. */
@NullMarked
package io.marketstream.spark;

import org.jspecify.annotations.NullMarked;
