/** One websocket connection's life. The only room with threads and sockets. */
package io.marketstream.feed.session;
