/** The components as interfaces: what each offers while it runs, and the settings to make it. */
@NullMarked
package io.marketstream.embedded.component;

import org.jspecify.annotations.NullMarked;
