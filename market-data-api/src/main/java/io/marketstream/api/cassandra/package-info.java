/**
 * Reads the tables with prepared, asynchronous statements. Nothing in this package writes. Every
 * method may be called by any thread.
 */
@NullMarked
package io.marketstream.api.cassandra;

import org.jspecify.annotations.NullMarked;
