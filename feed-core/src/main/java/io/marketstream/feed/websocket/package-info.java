/** One websocket connection: OkHttp, the proxy, the truststore and the size limit of a message. */
@NullMarked
package io.marketstream.feed.websocket;

import org.jspecify.annotations.NullMarked;
