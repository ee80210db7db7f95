/** One look at a pipeline: what runs, how far behind it is, and what is wrong. */
@NullMarked
package io.marketstream.api.status;

import org.jspecify.annotations.NullMarked;
