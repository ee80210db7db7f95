/** The components as processes of this machine, run from the artifacts that Maven resolved. */
@NullMarked
package io.marketstream.embedded.maven;

import org.jspecify.annotations.NullMarked;
