/** Counts and times what a run brought into Kafka and Cassandra. */
@NullMarked
package io.marketstream.local.measure;

import org.jspecify.annotations.NullMarked;
