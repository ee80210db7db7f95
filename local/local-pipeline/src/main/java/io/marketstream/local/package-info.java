/** The command line of {@code ./market-stream up}: options, messages and exit codes. */
@NullMarked
package io.marketstream.local;

import org.jspecify.annotations.NullMarked;
