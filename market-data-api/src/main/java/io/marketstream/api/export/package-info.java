/**
 * Writes the tables to files: one per kind of data, symbol and day. Rows stream from the database
 * to the file, so memory does not grow with their number.
 */
@NullMarked
package io.marketstream.api.export;

import org.jspecify.annotations.NullMarked;
