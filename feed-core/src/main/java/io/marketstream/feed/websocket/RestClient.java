package io.marketstream.feed.websocket;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * A client for a feed's REST API, with the proxy and the truststore of its websocket. It follows no
 * redirects. A request runs on the calling thread; only one may run at a time.
 */
public final class RestClient implements AutoCloseable {

  private static final int MAX_BODY_BYTES = 4 << 20;
  // The cap of the socket is only a second limit: it also counts headers and TLS.
  private static final long MAX_SOCKET_BYTES = 2L * MAX_BODY_BYTES;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final String userAgent;
  private final CappedSocketFactory sockets;
  private final OkHttpClient client;
  private final NetworkSettings network;

  /**
   * @param timeout for a whole request
   * @param userAgent the product and its version
   * @throws org.apache.kafka.connect.errors.ConnectException if the truststore cannot be read
   */
  public RestClient(NetworkSettings network, Duration timeout, String userAgent) {
    this.network = network;
    this.userAgent = userAgent;
    this.sockets = new CappedSocketFactory(MAX_SOCKET_BYTES, network.proxy());
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(1, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS))
            .socketFactory(sockets)
            .connectTimeout(timeout)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .callTimeout(timeout)
            .followRedirects(false)
            .followSslRedirects(false);
    client = WebSocketClient.throughNetwork(builder, network).build();
  }

  /**
   * Sends a GET request.
   *
   * @return the body of a response with the status 200
   * @throws RestException for any other response, a body that is too large, or no response
   */
  public String get(String url) throws RestException {
    sockets.messageComplete();
    Call call =
        client.newCall(
            new Request.Builder()
                .url(url)
                .header("User-Agent", userAgent)
                .header("Accept", "application/json")
                .build());
    try (Response response = call.execute()) {
      if (response.code() != 200) {
        throw RestException.ofStatus(
            response.code(), HandshakeFailure.retryAfter(response, Clock.systemUTC()));
      }
      BufferedSource body = response.body().source();
      if (body.request(MAX_BODY_BYTES + 1L)) {
        throw RestException.unusable("the answer exceeds " + MAX_BODY_BYTES + " bytes");
      }
      return body.readUtf8();
    } catch (IOException e) {
      throw RestException.noAnswer(network.redact(HandshakeFailure.withoutResponse(e)));
    }
  }

  /** Ends a running request with an error. Any thread. */
  @Override
  public void close() {
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
  }
}
