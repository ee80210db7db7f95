/** The life cycle of a feed's connection: when to connect, subscribe, disconnect and reconnect. */
package io.marketstream.feed.session;
