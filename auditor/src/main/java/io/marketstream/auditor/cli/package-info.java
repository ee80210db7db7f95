/** The command {@code ./market-stream audit}: its options, its output and its exit codes. */
package io.marketstream.auditor.cli;
