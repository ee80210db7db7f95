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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A feed that sends ticks as fast as its client takes them, or at a rate. Its frames are made
 * beforehand and sent again and again, so that a client cannot be faster than it; at a rate each is
 * made when it is sent, and the time of its trades is when it was due: a client that holds it up
 * does not make the trades younger. It knows only what a benchmark needs: the simulator obeys
 * docs/feeds.md, this does not.
 */
public final class FeedFlood {
  private static final int PREPARED_FRAMES = 4_000;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 1;
  private static final int PING = 9;

  private final FloodedFeed feed;
  private final int symbols;
  private final int perFrame;
  private final long frames;

  /** Null where frames go as fast as the client takes them. */
  private final Schedule schedule;

  private final byte[][] prepared;

  private FeedFlood(
      FloodedFeed feed, int symbols, int ticksPerFrame, long ticks, Schedule schedule) {
    this.feed = feed;
    this.symbols = symbols;
    this.perFrame = ticksPerFrame;
    this.frames = ticks / ticksPerFrame;
    this.schedule = schedule;
    this.prepared = new byte[schedule == null ? PREPARED_FRAMES : 0][];
    long now = System.currentTimeMillis();
    for (int frame = 0; frame < prepared.length; frame++) {
      prepared[frame] = frame(frame, now);
    }
  }

  /**
   * When a frame is due: at a steady rate, but for one burst.
   *
   * @param framesPerSecond outside of the burst
   * @param burst how many times as many come in the burst
   * @param burstAfter seconds from the first frame
   * @param burstSeconds how long the burst lasts
   */
  private record Schedule(double framesPerSecond, long burst, long burstAfter, long burstSeconds) {
    /** Nanoseconds after the first frame. */
    long due(long frame) {
      double before = framesPerSecond * burstAfter;
      double within = framesPerSecond * burst * burstSeconds;
      double seconds;
      if (frame < before) {
        seconds = frame / framesPerSecond;
      } else if (frame < before + within) {
        seconds = burstAfter + (frame - before) / (framesPerSecond * burst);
      } else {
        seconds = burstAfter + burstSeconds + (frame - before - within) / framesPerSecond;
      }
      return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }
  }

  /**
   * Serves one client after the other until it is killed. It begins to send once a client has
   * subscribed. Prints {@code port=…} once, and for each client {@code started=…} and {@code
   * sent=…}: epoch ms before the first frame and after the last.
   *
   * @param args all of them have defaults: {@code --feed} (finnhub or coincap), {@code --symbols},
   *     {@code --per-frame} (ticks), {@code --ticks} (of each client, whole frames), {@code --rate}
   *     (ticks per second; {@code max} is without a limit), {@code --burst} (1 for none; how many
   *     times the rate comes in the burst), {@code --burst-after} and {@code --burst-seconds},
   *     {@code --port}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options =
        new Options(
            args,
            Map.of(
                "--feed", "finnhub",
                "--symbols", "50",
                "--per-frame", "10",
                "--ticks", "2000000",
                "--rate", "max",
                "--burst", "1",
                "--burst-after", "20",
                "--burst-seconds", "5",
                "--port", "0"));
    int perFrame = (int) options.number("--per-frame");
    Schedule schedule =
        options.text("--rate").equals("max")
            ? null
            : new Schedule(
                (double) options.number("--rate") / perFrame,
                options.number("--burst"),
                options.number("--burst-after"),
                options.number("--burst-seconds"));
    FeedFlood flood =
        new FeedFlood(
            FloodedFeed.valueOf(options.text("--feed").toUpperCase(Locale.ROOT)),
            (int) options.number("--symbols"),
            perFrame,
            options.number("--ticks"),
            schedule);
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

  private byte[] frame(int number, long time) {
    return webSocketFrame(TEXT, feed.message(number, perFrame, symbols, time));
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
    CountDownLatch subscribed = new CountDownLatch(feed.subscriptions(symbols));
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
    long beginMs = System.currentTimeMillis();
    for (long frame = 0; frame < frames; frame++) {
      int number = (int) (frame % PREPARED_FRAMES);
      if (schedule == null) {
        chunk.writeBytes(prepared[number]);
      } else {
        long due = schedule.due(frame);
        long ahead = begin + due - System.nanoTime();
        if (ahead > 0) {
          flush(chunk, out);
          LockSupport.parkNanos(ahead);
        }
        chunk.writeBytes(frame(number, beginMs + TimeUnit.NANOSECONDS.toMillis(due)));
      }
      if (chunk.size() >= CHUNK_BYTES) {
        flush(chunk, out);
      }
    }
    flush(chunk, out);
  }

  private static void flush(ByteArrayOutputStream chunk, OutputStream out) throws IOException {
    synchronized (out) {
      chunk.writeTo(out);
    }
    chunk.reset();
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
