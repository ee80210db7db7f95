/** Applies the numbered CQL files, which create the keyspace and the tables. */
@NullMarked
package io.marketstream.schema;

import org.jspecify.annotations.NullMarked;
