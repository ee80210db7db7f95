/** Shows progress and live prices to the person at the terminal. */
@NullMarked
package io.marketstream.local.console;

import org.jspecify.annotations.NullMarked;
