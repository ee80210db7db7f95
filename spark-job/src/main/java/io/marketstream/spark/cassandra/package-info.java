/** The tables in Cassandra, and the session and requests that write them. */
@NullMarked
package io.marketstream.spark.cassandra;

import org.jspecify.annotations.NullMarked;
