/** The life cycle of a feed's connection: when to connect, subscribe, disconnect and reconnect. */
@NullMarked
package io.marketstream.feed.session;

import org.jspecify.annotations.NullMarked;
