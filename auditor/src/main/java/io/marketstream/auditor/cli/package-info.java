/** The command {@code ./market-stream audit}: its options, its output and its exit codes. */
@NullMarked
package io.marketstream.auditor.cli;

import org.jspecify.annotations.NullMarked;
