package io.marketstream.simulator.server;

import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.server.HandshakeVerdict.Accepted;
import io.marketstream.simulator.server.HandshakeVerdict.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.ExtensionConfig;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.jspecify.annotations.Nullable;

/**
 * The Jetty server of a simulator. Its port can be closed and opened again, and its handshakes can
 * be made to fail. Handshakes run on Jetty's threads, the other methods on the caller's thread.
 */
final class FeedServer implements AutoCloseable {

  private static final long HTTP_IDLE_TIMEOUT_MS = TimeUnit.MINUTES.toMillis(30);
  private static final long SELECTOR_TIMEOUT_S = 10;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final String DEFLATE = "permessage-deflate";
  private static final String DEFLATE_WITHOUT_CONTEXT =
      DEFLATE + "; server_no_context_takeover; client_no_context_takeover";

  /** Decides, by the rules of the feed, what happens to each handshake. */
  interface Gate extends FeedConnection.Listener {
    HandshakeVerdict judge(HandshakeAttempt attempt);

    /** Whether the feed agrees to permessage-deflate if the client offers it. */
    boolean compresses();

    /** The answer to a request that is no handshake; empty if the feed serves websockets only. */
    Optional<PlainResponse> answer(PlainRequest request);
  }

  private final Gate gate;
  private final HandshakeFaults faults;
  private final HandshakeLog log;
  private final Clock clock;
  private final Server server;
  private final WebSocketMappings websockets;
  private final CountDownLatch closing = new CountDownLatch(1);

  /** Newest first. An older connector is closed; it only keeps the connections that it accepted. */
  private final Deque<ServerConnector> connectors = new ArrayDeque<>();

  private final AtomicLong negotiated = new AtomicLong();
  private final InetAddress host;
  private @Nullable ServerSocketChannel listening;
  private int port;

  FeedServer(
      String name,
      InetAddress host,
      int port,
      Gate gate,
      HandshakeFaults faults,
      HandshakeLog log,
      Clock clock) {
    this.host = host;
    this.port = port;
    this.gate = gate;
    this.faults = faults;
    this.log = log;
    this.clock = clock;
    QueuedThreadPool threads = new QueuedThreadPool(64, 4);
    threads.setName(name);
    threads.setDaemon(true);
    server = new Server(threads);
    server.setHandler(new Handshake());
    websockets = new WebSocketMappings(WebSocketServerComponents.ensureWebSocketComponents(server));
  }

  /** The port. If a free port was requested, 0 until the server has listened for the first time. */
  synchronized int port() {
    return port;
  }

  /** Opens the port; does nothing if it is open. It is the same port each time. */
  synchronized void listen() {
    if (listening != null) {
      return;
    }
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // No acceptor thread: it would spin while the port is closed and its connections stay open.
    ServerConnector fresh = new ServerConnector(server, 0, 1, new HttpConnectionFactory(http));
    fresh.setIdleTimeout(HTTP_IDLE_TIMEOUT_MS);
    try {
      ServerSocketChannel opened = bind();
      fresh.open(opened);
      server.addConnector(fresh);
      if (server.isStarted()) {
        fresh.start();
      } else {
        server.start();
      }
      connectors.addFirst(fresh);
      listening = opened;
      port = fresh.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot listen on " + host.getHostAddress() + ":" + port + ": " + e.getMessage(), e);
    } catch (Exception e) {
      throw new IllegalStateException(
          "Cannot start the server on " + host.getHostAddress() + ":" + port, e);
    }
  }

  private ServerSocketChannel bind() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(new InetSocketAddress(host, port));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Refuses new connections. Open connections stay open. */
  synchronized void refuseConnections() {
    if (listening == null) {
      return;
    }
    try {
      listening.close();
      listening = null;
      // The socket stays alive until its selector has seen that it was closed. Two rounds are
      // enough.
      awaitSelectors();
      awaitSelectors();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close port " + port, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitSelectors() throws InterruptedException {
    for (ManagedSelector selector :
        connectors.getFirst().getSelectorManager().getBeans(ManagedSelector.class)) {
      CountDownLatch seen = new CountDownLatch(1);
      selector.submit(keys -> seen.countDown());
      if (!seen.await(SELECTOR_TIMEOUT_S, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The selector of port " + port + " is stuck");
      }
    }
  }

  /** Closes the port and, without a close frame, every connection. */
  synchronized void stop() {
    refuseConnections();
    for (ServerConnector connector : connectors) {
      try {
        connector.stop();
      } catch (Exception e) {
        throw new IllegalStateException("Cannot stop listening on port " + port, e);
      }
      server.removeConnector(connector);
    }
    connectors.clear();
  }

  @Override
  public void close() {
    closing.countDown();
    stop();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot stop the server of port " + port, e);
    }
  }

  private final class Handshake extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws InterruptedException {
      HandshakeAttempt attempt = attempt(request);
      if (!"websocket".equalsIgnoreCase(attempt.headers().get("upgrade"))) {
        Optional<PlainResponse> plain =
            gate.answer(
                new PlainRequest(
                    request.getMethod(), attempt.path(), attempt.query(), attempt.headers()));
        if (plain.isPresent()) {
          answer(response, callback, plain.get());
          return true;
        }
      }
      AtomicReference<HandshakeAttempt> entry = log.arrived(attempt);
      EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
      Optional<HandshakeFault> fault = faults.next();
      if (fault.isPresent()) {
        if (fault.get() instanceof HandshakeFault.Status status) {
          refuse(entry, response, callback, new Refused(status.status(), ""), status.retryAfter());
          return true;
        }
        if (fault.get() instanceof HandshakeFault.Drop || hangsUntilClosed(fault.get())) {
          endPoint.close();
          callback.succeeded();
          return true;
        }
      }
      HandshakeVerdict verdict = gate.judge(attempt);
      if (verdict instanceof Refused refused) {
        refuse(entry, response, callback, refused, null);
      } else if (verdict instanceof Accepted accepted) {
        upgrade(entry, request, response, callback, accepted, endPoint);
      }
      return true;
    }

    private void answer(Response response, Callback callback, PlainResponse plain)
        throws InterruptedException {
      if (closing.await(plain.delay().toMillis(), TimeUnit.MILLISECONDS)) {
        callback.failed(new EofException("The simulator is closed"));
        return;
      }
      response.setStatus(plain.status());
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, plain.contentType());
      plain.headers().forEach(response.getHeaders()::put);
      Content.Sink.write(response, true, plain.body(), callback);
    }

    /** Waits if the fault is a hang. Returns whether the server was closed during the wait. */
    private boolean hangsUntilClosed(HandshakeFault fault) throws InterruptedException {
      return fault instanceof HandshakeFault.Hang hang
          && closing.await(hang.duration().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void upgrade(
        AtomicReference<HandshakeAttempt> entry,
        Request request,
        Response response,
        Callback callback,
        Accepted accepted,
        EndPoint endPoint) {
      WebSocketNegotiator negotiator =
          new WebSocketNegotiator() {
            @Override
            public FeedConnection negotiate(
                ServerUpgradeRequest upgradeRequest,
                ServerUpgradeResponse upgradeResponse,
                Callback upgradeCallback) {
              upgradeResponse.setExtensions(extensions(upgradeRequest));
              return new FeedConnection(accepted, negotiated.incrementAndGet(), endPoint, gate);
            }
          };
      if (websockets.upgrade(negotiator, request, response, callback, null)) {
        entry.updateAndGet(attempt -> attempt.answeredWith(SWITCHING_PROTOCOLS));
      } else {
        refuse(entry, response, callback, new Refused(400, "Websocket handshake expected"), null);
      }
    }

    /** Without extensions the bytes on the wire are known. */
    private List<ExtensionConfig> extensions(ServerUpgradeRequest upgradeRequest) {
      boolean offered =
          upgradeRequest.getExtensions().stream()
              .anyMatch(extension -> extension.getName().equals(DEFLATE));
      return gate.compresses() && offered
          ? List.of(ExtensionConfig.parse(DEFLATE_WITHOUT_CONTEXT))
          : List.of();
    }

    private void refuse(
        AtomicReference<HandshakeAttempt> entry,
        Response response,
        Callback callback,
        Refused refused,
        @Nullable String retryAfter) {
      entry.updateAndGet(attempt -> attempt.answeredWith(refused.status()));
      response.setStatus(refused.status());
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      if (retryAfter != null) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, retryAfter);
      }
      Content.Sink.write(response, true, refused.body(), callback);
    }

    private HandshakeAttempt attempt(Request request) {
      Map<String, String> query = new HashMap<>();
      for (Fields.Field field : Request.extractQueryParameters(request, StandardCharsets.UTF_8)) {
        query.put(field.getName(), field.getValue());
      }
      Map<String, String> headers = new HashMap<>();
      for (HttpField header : request.getHeaders()) {
        headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
      }
      return new HandshakeAttempt(
          clock.millis(), request.getHttpURI().getDecodedPath(), query, headers, 0);
    }
  }
}
