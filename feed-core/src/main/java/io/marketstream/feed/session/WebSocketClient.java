package io.marketstream.feed.session;

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
 * OkHttp, set up so that hardly anything happens behind the session's back: no redirects, no silent
 * retries, no compression. One repetition cannot be switched off: a handshake that is answered with
 * 503 and {@code Retry-After: 0} is sent once more at once.
 */
final class WebSocketClient implements AutoCloseable {

  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

  private final String threadName;
  private final CappedSocketFactory sockets;
  private final ExecutorService readers;
  private final OkHttpClient client;

  /**
   * @param threadName the name of the socket thread
   * @param onDefect told of an Error that ends the socket thread, of which OkHttp tells no one
   * @throws ConnectException if the truststore cannot be read
   */
  WebSocketClient(String threadName, SessionSettings settings, Consumer<Throwable> onDefect) {
    this.threadName = threadName;
    sockets =
        new CappedSocketFactory(
            (long) settings.maxFrameBytes() * SessionSettings.CUT_FACTOR,
            settings.network().proxy());
    readers = Executors.newCachedThreadPool(new SessionThreads(threadName, onDefect));
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .dispatcher(new Dispatcher(readers))
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .socketFactory(sockets)
            .connectTimeout(settings.connectTimeout())
            .readTimeout(settings.connectTimeout())
            .writeTimeout(settings.connectTimeout())
            // Covers the whole handshake, also one that drips; it ends with the upgrade.
            .callTimeout(settings.connectTimeout())
            .pingInterval(settings.pingInterval())
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .addInterceptor(WebSocketClient::withoutExtensions);
    if (settings.network().proxy() != null) {
      tunnel(builder);
    }
    if (settings.network().truststore() != null) {
      trust(builder, settings.network().truststore().read());
    }
    client = builder.build();
  }

  /**
   * The tunnel is the sockets' business. To OkHttp it is a direct connection to one address, which
   * is not looked up: the name goes to the proxy.
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
   * OkHttp offers permessage-deflate always, and inflates for a server that uses it unasked: a
   * compressed message could grow past every bound. Without the header its frames break the
   * protocol.
   */
  private static Response withoutExtensions(Interceptor.Chain chain) throws IOException {
    Request request = chain.request().newBuilder().removeHeader(EXTENSIONS).build();
    return chain.proceed(request).newBuilder().removeHeader(EXTENSIONS).build();
  }

  WebSocket connect(String url, WebSocketListener listener) {
    sockets.messageComplete();
    return client.newWebSocket(new Request.Builder().url(url).build(), listener);
  }

  /** Called on the thread that reads the socket: OkHttp renames it after the URL. */
  void nameReader() {
    Thread.currentThread().setName(threadName);
  }

  /** A message arrived whole: the next one may be as long again. */
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
