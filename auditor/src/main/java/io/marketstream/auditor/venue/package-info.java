/** The client of a venue's REST API: the trades of a product, by their ids. */
@NullMarked
package io.marketstream.auditor.venue;

import org.jspecify.annotations.NullMarked;
