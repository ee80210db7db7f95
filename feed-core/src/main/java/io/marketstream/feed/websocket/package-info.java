/** One websocket connection: OkHttp, the proxy, the truststore and the size limit of a message. */
package io.marketstream.feed.websocket;
