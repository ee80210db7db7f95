/** Fills gaps with the trades of the venue's history. */
@NullMarked
package io.marketstream.feed.repair;

import org.jspecify.annotations.NullMarked;
