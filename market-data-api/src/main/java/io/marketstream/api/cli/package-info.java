/** The command that runs the API: its options, its messages and its exit codes. */
@NullMarked
package io.marketstream.api.cli;

import org.jspecify.annotations.NullMarked;
