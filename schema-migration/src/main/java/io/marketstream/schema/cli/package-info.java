/** The command that applies the schema: its options, its output and its exit codes. */
@NullMarked
package io.marketstream.schema.cli;

import org.jspecify.annotations.NullMarked;
