package io.marketstream.feed.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * An OkHttp client for websockets that follows no redirects, does not retry, and does not use
 * compression. One retry cannot be switched off: OkHttp repeats a handshake once if the server
 * responds with 503 and {@code Retry-After: 0}.
 */
public final class WebSocketClient implements AutoCloseable {

  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

  private final String threadName;
  private final CappedSocketFactory sockets;
  private final ExecutorService readers;
  private final OkHttpClient client;

  /**
   * @param threadName the name of the socket thread
   * @param onDefect receives an Error that ends the socket thread, which OkHttp does not report
   * @throws ConnectException if the truststore cannot be read
   */
  public WebSocketClient(
      String threadName, WebSocketSettings settings, Consumer<Throwable> onDefect) {
    this.threadName = threadName;
    sockets =
        new CappedSocketFactory(
            (long) settings.maxFrameBytes() * WebSocketSettings.MESSAGE_LIMIT_FACTOR,
            settings.network().proxy());
    readers = Executors.newCachedThreadPool(new FeedThreadFactory(threadName, onDefect));
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .dispatcher(new Dispatcher(readers))
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .socketFactory(sockets)
            .connectTimeout(settings.connectTimeout())
            .readTimeout(settings.connectTimeout())
            .writeTimeout(settings.connectTimeout())
            // Limits the whole handshake, even if the server sends it byte by byte.
            .callTimeout(settings.connectTimeout())
            .pingInterval(settings.pingInterval())
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .addInterceptor(WebSocketClient::withoutExtensions);
    client = throughNetwork(builder, settings.network()).build();
  }

  /**
   * Applies the truststore, and lets the sockets of a {@link CappedSocketFactory} reach the proxy.
   *
   * @throws ConnectException if the truststore cannot be read
   */
  static OkHttpClient.Builder throughNetwork(
      OkHttpClient.Builder builder, NetworkSettings network) {
    if (network.proxy() != null) {
      tunnel(builder);
    }
    if (network.truststore() != null) {
      trust(builder, network.truststore().read());
    }
    return builder;
  }

  /**
   * Makes OkHttp connect directly to an address that it does not resolve. The sockets open the
   * tunnel and send the host name to the proxy.
   */
  private static void tunnel(OkHttpClient.Builder builder) {
    builder
        .proxy(Proxy.NO_PROXY)
        .dns(host -> List.of(InetAddress.getByAddress(host, new byte[4])))
        .fastFallback(false);
  }

  private static void trust(OkHttpClient.Builder builder, X509TrustManager authorities) {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, new TrustManager[] {authorities}, null);
      builder.sslSocketFactory(tls.getSocketFactory(), authorities);
    } catch (GeneralSecurityException e) {
      throw new ConnectException("this JVM has no TLS", e);
    }
  }

  /**
   * Turns compression off. OkHttp always offers permessage-deflate, and it also inflates for a
   * server that uses it without an offer, so a message could exceed every limit. Without the
   * header, OkHttp treats compressed frames as a protocol error.
   */
  private static Response withoutExtensions(Interceptor.Chain chain) throws IOException {
    Request request = chain.request().newBuilder().removeHeader(EXTENSIONS).build();
    return chain.proceed(request).newBuilder().removeHeader(EXTENSIONS).build();
  }

  /** Starts to open a connection and returns at once. */
  WebSocket connect(String url, WebSocketListener listener) {
    sockets.messageComplete();
    return client.newWebSocket(new Request.Builder().url(url).build(), listener);
  }

  /** Restores the name of the calling socket thread, which OkHttp names after the URL. */
  void nameSocketThread() {
    Thread.currentThread().setName(threadName);
  }

  /** A message is complete. The size limit applies to the next one from its first byte. */
  void messageComplete() {
    sockets.messageComplete();
  }

  @Override
  public void close() {
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
    readers.shutdownNow();
  }
}
