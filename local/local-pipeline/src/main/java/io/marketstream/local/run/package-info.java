/** One run of {@code up}: data directory, components, connectors, drain and report. */
@NullMarked
package io.marketstream.local.run;

import org.jspecify.annotations.NullMarked;
