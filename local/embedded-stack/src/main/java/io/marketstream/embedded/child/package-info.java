/** The classes that run inside each child process, with nothing else of this module. */
@NullMarked
package io.marketstream.embedded.child;

import org.jspecify.annotations.NullMarked;
