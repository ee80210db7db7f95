package io.marketstream.simulator.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Inflater;
import java.util.zip.InflaterOutputStream;

/**
 * A websocket client that keeps everything that it receives. It distinguishes how a connection
 * ends: by a close frame, an end of stream or a reset. The JDK's own client sometimes misses an end
 * of stream that follows data.
 */
public final class FeedClient implements AutoCloseable {

  /** How a connection ended. */
  public enum End {
    NONE,
    CLOSE_FRAME,
    END_OF_STREAM,
    RESET
  }

  /** A handshake that was answered with another status than 101. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String retryAfter;

    private Refused(int status, String retryAfter) {
      super("Handshake answered with " + status);
      this.status = status;
      this.retryAfter = retryAfter;
    }

    public int status() {
      return status;
    }

    /** Returns the header's value, or null if there is none. */
    String retryAfter() {
      return retryAfter;
    }
  }

  private static final int TIMEOUT_MS = 20_000;
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

  /** The bit of a frame's first byte that says that its payload is compressed. */
  private static final int COMPRESSED = 0x40;

  /** What a sender cuts off the end of each compressed message (RFC 7692). */
  private static final byte[] DEFLATE_TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final Socket socket;
  private final DataInputStream in;
  private final List<byte[]> texts = new CopyOnWriteArrayList<>();
  private final List<byte[]> binaries = new CopyOnWriteArrayList<>();
  private final List<byte[]> pings = new CopyOnWriteArrayList<>();
  private final List<byte[]> pongs = new CopyOnWriteArrayList<>();
  private volatile String extensions = "";
  private final AtomicInteger compressedFrames = new AtomicInteger();
  private volatile int closeCode;
  private volatile String closeReason = "";
  private volatile End end = End.NONE;
  private volatile Throwable failure;

  private FeedClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /**
   * Opens a connection and reads it on a thread of its own. The client offers compression, and the
   * server must not agree to it.
   */
  public static FeedClient connect(String url) throws IOException {
    return reading(connectWithoutReading(url));
  }

  /** As {@link #connect}, but the client offers no extension. */
  public static FeedClient connectPlainly(String url) throws IOException {
    return reading(switched(request(url, ""), false));
  }

  /** As {@link #connect}, but the server may agree to compression. */
  public static FeedClient connectDeflating(String url) throws IOException {
    return reading(switched(request(url, OFFER), true));
  }

  private static FeedClient reading(FeedClient client) {
    Thread reader = new Thread(client::read, "feed-client");
    reader.setDaemon(true);
    reader.start();
    return client;
  }

  /** Opens a connection and reads no frames. */
  static FeedClient connectWithoutReading(String url) throws IOException {
    return switched(request(url), false);
  }

  private static FeedClient switched(FeedClient client, boolean mayCompress) throws IOException {
    try {
      client.expectSwitch(mayCompress);
      return client;
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /** Sends the handshake's request and does not wait for its answer. */
  static FeedClient request(String url) throws IOException {
    return request(url, OFFER);
  }

  private static FeedClient request(String url, String offer) throws IOException {
    URI uri = URI.create(url);
    Socket socket = new Socket(uri.getHost(), uri.getPort());
    socket.setSoTimeout(TIMEOUT_MS);
    String target = (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath()) + "?" + uri.getRawQuery();
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + target
                    + " HTTP/1.1\r\nHost: "
                    + uri.getAuthority()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                    + offer
                    + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return new FeedClient(socket);
  }

  private void expectSwitch(boolean mayCompress) throws IOException {
    String statusLine = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] header = line.split(": ", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
    }
    int status = Integer.parseInt(statusLine.split(" ", 0)[1]);
    if (status != 101) {
      throw new Refused(status, headers.get("retry-after"));
    }
    extensions = headers.getOrDefault("sec-websocket-extensions", "");
    if (!mayCompress && !extensions.isEmpty()) {
      throw new IOException("An extension was agreed: " + headers);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private void read() {
    try {
      socket.setSoTimeout(0);
      while (end == End.NONE) {
        frame();
      }
    } catch (EOFException e) {
      end = End.END_OF_STREAM;
    } catch (SocketException e) {
      end = End.RESET;
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void frame() throws IOException {
    int head = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    if (!extensions.isEmpty() && (head & COMPRESSED) != 0) {
      compressedFrames.incrementAndGet();
      payload = inflated(payload);
      head -= COMPRESSED;
    }
    // Every message of the feeds is one frame, so each has FIN set and no other reserved bit.
    switch (head - 0x80) {
      case TEXT -> texts.add(payload);
      case BINARY -> binaries.add(payload);
      case PING -> pings.add(payload);
      case PONG -> pongs.add(payload);
      case CLOSE -> closed(payload);
      default -> throw new IOException("Unexpected first byte 0x" + Integer.toHexString(head));
    }
  }

  /** Inflates a message on its own, because the server keeps no context between messages. */
  private static byte[] inflated(byte[] payload) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InflaterOutputStream inflater = new InflaterOutputStream(out, new Inflater(true))) {
      inflater.write(payload);
      inflater.write(DEFLATE_TAIL);
      inflater.flush();
    }
    return out.toByteArray();
  }

  private void closed(byte[] payload) throws IOException {
    if (payload.length >= 2) {
      closeCode = ByteBuffer.wrap(payload).getShort();
      closeReason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
    send(CLOSE, payload);
    end = End.CLOSE_FRAME;
  }

  private synchronized void send(int opCode, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
    frame.put((byte) (0x80 | opCode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    // A mask of zeros leaves the payload as it is.
    frame.putInt(0).put(payload).flip();
    socket.getOutputStream().write(frame.array(), 0, frame.limit());
  }

  public FeedClient say(String text) throws IOException {
    send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public FeedClient subscribe(String... symbols) throws IOException {
    for (String symbol : symbols) {
      say("{\"type\":\"subscribe\",\"symbol\":\"" + symbol + "\"}");
    }
    return this;
  }

  public FeedClient unsubscribe(String symbol) throws IOException {
    return say("{\"type\":\"unsubscribe\",\"symbol\":\"" + symbol + "\"}");
  }

  public void ping(String payload) throws IOException {
    send(PING, payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the text messages so far. */
  public List<String> texts() {
    if (failure != null) {
      throw new AssertionError("Reading failed", failure);
    }
    return texts.stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
  }

  /** Returns the text messages so far as bytes, because they need not be UTF-8. */
  public List<byte[]> textBytes() {
    return texts;
  }

  List<byte[]> binaries() {
    return binaries;
  }

  List<byte[]> pings() {
    return pings;
  }

  public List<byte[]> pongs() {
    return pongs;
  }

  /** Returns the extensions that the server agreed to; empty for none. */
  public String extensions() {
    return extensions;
  }

  public int compressedFrames() {
    return compressedFrames.get();
  }

  public int closeCode() {
    return closeCode;
  }

  String closeReason() {
    return closeReason;
  }

  public End end() {
    return end;
  }

  public boolean isOver() {
    return end != End.NONE;
  }

  /** Reads one byte of the server's answer; -1 at the end of the stream. */
  int readByte() throws IOException {
    return in.read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
