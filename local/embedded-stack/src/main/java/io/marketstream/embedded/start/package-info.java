/** Starts and stops sets of components in the order of their dependencies. */
@NullMarked
package io.marketstream.embedded.start;

import org.jspecify.annotations.NullMarked;
