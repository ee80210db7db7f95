package io.marketstream.feed.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A websocket server that sends scripted bytes, to test violations of the protocol. Each connection
 * has a thread.
 */
public final class ScriptedFeed implements AutoCloseable {

  public interface Script {
    void serve(Peer peer) throws IOException, InterruptedException;
  }

  private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: *(\\S+)");

  private final ServerSocket server;
  private final List<Long> attemptNanos = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  public ScriptedFeed(Script script) throws IOException {
    this(script, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /**
   * @param server a bound socket, with or without TLS
   */
  public ScriptedFeed(Script script, ServerSocket server) {
    this.server = server;
    Thread acceptor = new Thread(() -> accept(script), "raw-feed");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  public String url() {
    return "ws://127.0.0.1:" + server.getLocalPort() + "/";
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Returns when each connection was accepted (ns). */
  public List<Long> attempts() {
    return attemptNanos;
  }

  private void accept(Script script) {
    for (int number = 1; ; number++) {
      try {
        Socket socket = server.accept();
        attemptNanos.add(System.nanoTime());
        sockets.add(socket);
        Peer peer = new Peer(number, socket);
        Thread thread = new Thread(() -> serve(script, peer), "raw-feed-" + number);
        thread.setDaemon(true);
        thread.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void serve(Script script, Peer peer) {
    try (peer.socket) {
      script.serve(peer);
    } catch (IOException clientGone) {
      // The test checks the client, so errors here are ignored.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** One connection, served on a thread of its own. */
  public static final class Peer {
    public final int number;
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private String request;

    private Peer(int number, Socket socket) throws IOException {
      this.number = number;
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    /** The request's lines. */
    public String request() throws IOException {
      if (request == null) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          head.append((char) in.readUnsignedByte());
        }
        request = head.toString();
      }
      return request;
    }

    public void upgrade(String... headers) throws IOException {
      Matcher key = KEY.matcher(request());
      if (!key.find()) {
        throw new IOException("no websocket request: " + request());
      }
      StringBuilder answer =
          new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")
              .append("Connection: Upgrade\r\nSec-WebSocket-Accept: ")
              .append(accept(key.group(1)))
              .append("\r\n");
      for (String header : headers) {
        answer.append(header).append("\r\n");
      }
      write(answer.append("\r\n").toString());
    }

    public void answer(String statusLine, String... headers) throws IOException {
      request();
      write(
          "HTTP/1.1 "
              + statusLine
              + "\r\n"
              + String.join("\r\n", headers)
              + (headers.length == 0 ? "" : "\r\n")
              + "Content-Length: 0\r\n\r\n");
    }

    public void write(String ascii) throws IOException {
      out.write(ascii.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    public void text(String text) throws IOException {
      frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    public void frame(int firstByte, byte[] payload) throws IOException {
      out.write(head(firstByte, payload.length));
      out.write(payload);
      out.flush();
    }

    public static byte[] head(int firstByte, long length) {
      if (length < 126) {
        return new byte[] {(byte) firstByte, (byte) length};
      }
      return ByteBuffer.allocate(10).put((byte) firstByte).put((byte) 127).putLong(length).array();
    }

    /** The next frame that the client sends, as text; a close frame as {@code close CODE}. */
    public String read() throws IOException {
      int opcode = in.readUnsignedByte() & 0x0f;
      int length = in.readUnsignedByte() & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if (opcode == 8) {
        return "close " + (payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort());
      }
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Waits until the client has disconnected. */
    public void awaitEnd() throws IOException {
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      try {
        while (true) {
          rest.write(in.readUnsignedByte());
        }
      } catch (EOFException end) {
        // The client closed its side.
      }
    }

    private static String accept(String key) {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-1")
                .digest(
                    (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                        .getBytes(StandardCharsets.ISO_8859_1));
        return Base64.getEncoder().encodeToString(digest);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
