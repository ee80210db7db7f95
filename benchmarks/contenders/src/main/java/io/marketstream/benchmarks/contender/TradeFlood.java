package io.marketstream.benchmarks.contender;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Finnhub feed that sends trades as fast as its client takes them, or at a rate. Its frames are
 * made beforehand and sent again and again, so that a client cannot be faster than it. It knows
 * only what a benchmark needs: the simulator obeys docs/feeds.md, this does not.
 */
public final class TradeFlood {
  private static final int PREPARED_FRAMES = 4_000;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 1;
  private static final int PING = 9;

  private final int symbols;
  private final long frames;
  private final long framesPerSecond;
  private final byte[][] prepared = new byte[PREPARED_FRAMES][];

  private TradeFlood(int symbols, int tradesPerFrame, long trades, long tradesPerSecond) {
    this.symbols = symbols;
    this.frames = trades / tradesPerFrame;
    this.framesPerSecond = tradesPerSecond / tradesPerFrame;
    long now = System.currentTimeMillis();
    for (int frame = 0; frame < PREPARED_FRAMES; frame++) {
      prepared[frame] = frame(frame, tradesPerFrame, now);
    }
  }

  /**
   * Serves one client after the other until it is killed. It begins to send once a client has
   * subscribed to all symbols. Prints {@code port=…} once, and for each client {@code started=…}
   * and {@code sent=…}: epoch ms before the first frame and after the last.
   *
   * @param args all of them have defaults: {@code --symbols}, {@code --per-frame} (trades), {@code
   *     --trades} (of each client, whole frames), {@code --rate} (trades per second; the default is
   *     without a limit in practice), {@code --port}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options =
        new Options(
            args,
            Map.of(
                "--symbols", "50",
                "--per-frame", "10",
                "--trades", "2000000",
                "--rate", "1000000000",
                "--port", "0"));
    TradeFlood flood =
        new TradeFlood(
            (int) options.number("--symbols"),
            (int) options.number("--per-frame"),
            options.number("--trades"),
            options.number("--rate"));
    int port = Integer.parseInt(options.text("--port"));
    try (ServerSocket server = new ServerSocket(port, 8, InetAddress.getLoopbackAddress())) {
      System.out.println("port=" + server.getLocalPort());
      while (true) {
        try (Socket client = server.accept()) {
          flood.serve(client);
        } catch (IOException gone) {
          System.out.println("client gone: " + gone);
        }
      }
    }
  }

  /** Name of the symbol with this number. */
  public static String symbol(int number) {
    return "SYM" + number;
  }

  private byte[] frame(int number, int trades, long time) {
    StringBuilder json = new StringBuilder("{\"data\":[");
    for (int i = 0; i < trades; i++) {
      int trade = number * trades + i;
      json.append(i == 0 ? "" : ",")
          .append("{\"c\":")
          .append(trade % 3 == 0 ? "null" : trade % 3 == 1 ? "[\"1\"]" : "[\"1\",\"12\"]")
          .append(",\"p\":")
          .append(100 + trade % 900)
          .append('.')
          .append(10 + trade % 90)
          .append(",\"s\":\"")
          .append(symbol(trade % symbols))
          .append("\",\"t\":")
          .append(time + trade % 1000)
          .append(",\"v\":")
          .append(1 + trade % 500)
          .append('}');
    }
    return webSocketFrame(TEXT, json.append("],\"type\":\"trade\"}").toString());
  }

  private static byte[] webSocketFrame(int opcode, String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 4);
    frame.write(0x80 | opcode);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    OutputStream out = socket.getOutputStream();
    shakeHands(in, out);
    CountDownLatch subscribed = new CountDownLatch(symbols);
    Thread reader =
        new Thread(
            () -> {
              try {
                read(in, out, subscribed);
              } catch (IOException closed) {
                while (subscribed.getCount() > 0) {
                  subscribed.countDown();
                }
              }
            },
            "flood-reader");
    reader.start();
    subscribed.await();
    System.out.println("started=" + System.currentTimeMillis());
    send(out);
    System.out.println("sent=" + System.currentTimeMillis());
    reader.join();
  }

  private void send(OutputStream out) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream(2 * CHUNK_BYTES);
    long begin = System.nanoTime();
    for (long frame = 0; frame < frames; frame++) {
      chunk.writeBytes(prepared[(int) (frame % PREPARED_FRAMES)]);
      long ahead =
          begin + frame * TimeUnit.SECONDS.toNanos(1) / framesPerSecond - System.nanoTime();
      if (ahead > 0 || chunk.size() >= CHUNK_BYTES || frame == frames - 1) {
        synchronized (out) {
          chunk.writeTo(out);
        }
        chunk.reset();
        LockSupport.parkNanos(ahead);
      }
    }
  }

  private static void shakeHands(DataInputStream in, OutputStream out) throws IOException {
    String key = null;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
        key = line.substring(18).strip();
      }
    }
    if (key == null) {
      throw new IOException("no handshake of a websocket");
    }
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + accept(key)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1"); // what RFC 6455 asks for
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Counts subscriptions and answers pings until the client is gone. */
  private static void read(DataInputStream in, OutputStream out, CountDownLatch subscribed)
      throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0x0F;
      int length = in.readUnsignedByte() & 0x7F;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        throw new EOFException("a message that is too long for a client");
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if (opcode == TEXT) {
        subscribed.countDown();
      } else if (opcode == PING) {
        synchronized (out) {
          out.write(0x8A);
          out.write(payload.length);
          out.write(payload);
        }
      }
    }
  }
}
