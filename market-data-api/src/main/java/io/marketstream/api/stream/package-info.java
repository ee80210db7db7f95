/** Ticks as they arrive in the table, for many clients at once. */
@NullMarked
package io.marketstream.api.stream;

import org.jspecify.annotations.NullMarked;
