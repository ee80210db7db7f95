package io.marketstream.simulator;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A websocket client of the JDK that keeps all it is sent. Its listener runs on the JDK's threads.
 */
final class FeedClient implements WebSocket.Listener, AutoCloseable {

  /**
   * What the JDK reports when the stream ends without a close frame; no close frame may carry it.
   */
  static final int NO_CLOSE_FRAME = 1006;

  static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<byte[]> binaries = new CopyOnWriteArrayList<>();
  private final List<byte[]> pings = new CopyOnWriteArrayList<>();
  private final List<byte[]> pongs = new CopyOnWriteArrayList<>();
  private final StringBuilder partial = new StringBuilder();
  private volatile int closeCode;
  private volatile String closeReason;
  private volatile Throwable error;
  private volatile WebSocket socket;

  /**
   * Opens a connection; a refused handshake is a {@link java.net.http.WebSocketHandshakeException}.
   */
  static FeedClient connect(String url) throws Exception {
    FeedClient client = new FeedClient();
    try {
      client.socket = HTTP.newWebSocketBuilder().buildAsync(URI.create(url), client).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
    return client;
  }

  FeedClient say(String text) {
    socket.sendText(text, true).join();
    return this;
  }

  FeedClient subscribe(String... symbols) {
    for (String symbol : symbols) {
      say("{\"type\":\"subscribe\",\"symbol\":\"" + symbol + "\"}");
    }
    return this;
  }

  FeedClient unsubscribe(String symbol) {
    return say("{\"type\":\"unsubscribe\",\"symbol\":\"" + symbol + "\"}");
  }

  void ping(String payload) {
    socket.sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8))).join();
  }

  List<String> texts() {
    return texts;
  }

  List<byte[]> binaries() {
    return binaries;
  }

  List<byte[]> pings() {
    return pings;
  }

  List<byte[]> pongs() {
    return pongs;
  }

  int closeCode() {
    return closeCode;
  }

  String closeReason() {
    return closeReason;
  }

  Throwable error() {
    return error;
  }

  boolean isOver() {
    return closeCode != 0 || error != null;
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      texts.add(partial.toString());
      partial.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    binaries.add(copy(data));
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer data) {
    pings.add(copy(data));
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer data) {
    pongs.add(copy(data));
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closeReason = reason;
    closeCode = code;
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable cause) {
    error = cause;
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static byte[] copy(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return bytes;
  }
}
