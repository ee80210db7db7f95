package io.marketstream.benchmarks.run;

import static org.awaitility.Awaitility.await;

import io.marketstream.benchmarks.contender.FeedFlood;
import io.marketstream.benchmarks.contender.FloodedFeed;
import io.marketstream.pipeline.BuiltModule;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** {@link FeedFlood} as a process of its own. */
final class Flood implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  /**
   * What a flood sends.
   *
   * @param perFrame ticks in a message
   * @param ticks that each client gets
   * @param rate of ticks per second; 0 for as fast as the client takes them
   * @param burst null for a steady rate
   */
  record Plan(FloodedFeed feed, int symbols, int perFrame, long ticks, int rate, Burst burst) {
    Plan {
      ticks -= ticks % perFrame; // the flood sends whole frames
    }

    /** A flood without a rate. */
    static Plan of(FloodedFeed feed, int symbols, int perFrame, long ticks) {
      return new Plan(feed, symbols, perFrame, ticks, 0, null);
    }

    /** Returns how long the flood takes at most, if it has a rate and the client keeps up. */
    Duration planned() {
      return rate == 0 ? Duration.ZERO : Duration.ofSeconds(ticks / rate);
    }

    /** Names of the symbols, with commas between them. */
    String symbolNames() {
      return String.join(",", IntStream.range(0, symbols).mapToObj(feed::symbol).toList());
    }
  }

  /**
   * A period with a much higher rate.
   *
   * @param factor of the rate
   * @param after seconds from the first frame
   * @param seconds how long it lasts
   */
  record Burst(int factor, int after, int seconds) {}

  private final Process process;
  private final Path log;
  private final Plan plan;

  private Flood(Process process, Path log, Plan plan) {
    this.process = process;
    this.log = log;
    this.plan = plan;
  }

  static Flood start(Path home, Plan plan) throws IOException {
    Path log =
        Files.createTempFile(Files.createDirectories(home.resolve("logs")), "flood-", ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                BuiltModule.jar("benchmarks/contenders").toString(),
                FeedFlood.class.getName()));
    command.addAll(List.of("--feed", plan.feed.name().toLowerCase(Locale.ROOT)));
    command.addAll(List.of("--symbols", "" + plan.symbols));
    command.addAll(List.of("--per-frame", "" + plan.perFrame));
    command.addAll(List.of("--ticks", "" + plan.ticks));
    command.addAll(List.of("--rate", plan.rate == 0 ? "max" : "" + plan.rate));
    if (plan.burst != null) {
      command.addAll(List.of("--burst", "" + plan.burst.factor));
      command.addAll(List.of("--burst-after", "" + plan.burst.after));
      command.addAll(List.of("--burst-seconds", "" + plan.burst.seconds));
    }
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Flood flood = new Flood(process, log, plan);
    flood.said("port");
    return flood;
  }

  Plan plan() {
    return plan;
  }

  String url() {
    return "ws://127.0.0.1:" + said("port") + "/";
  }

  /** Epoch ms at which it began to send to its only client. */
  long startedAt() {
    return said("started");
  }

  private long said(String what) {
    return await(what + " in " + log)
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                Files.readAllLines(log).stream()
                    .filter(line -> line.startsWith(what + "="))
                    .mapToLong(line -> Long.parseLong(line.substring(what.length() + 1)))
                    .findFirst(),
            OptionalLong::isPresent)
        .getAsLong();
  }

  /** Returns how many ticks per second a client receives that only reads frames. */
  double ceiling() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), (int) said("port"))) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      OutputStream out = socket.getOutputStream();
      out.write(
          "GET / HTTP/1.1\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      skipHandshake(in);
      for (int i = 0; i < plan.feed.subscriptions(plan.symbols); i++) {
        out.write(new byte[] {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0}); // an empty text, masked
      }
      long begin = System.nanoTime();
      for (long frame = 0; frame < plan.ticks / plan.perFrame; frame++) {
        in.readUnsignedByte();
        int length = in.readUnsignedByte();
        in.skipNBytes(length == 126 ? in.readUnsignedShort() : length);
      }
      return plan.ticks * 1e9 / (System.nanoTime() - begin);
    } catch (IOException e) {
      throw new UncheckedIOException("see " + log, e);
    }
  }

  /** Reads the answer to the handshake, up to an empty line. */
  private static void skipHandshake(DataInputStream in) throws IOException {
    int newest = 0;
    while (newest != 0x0D0A0D0A) {
      newest = newest << 8 | in.readUnsignedByte();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
