package io.marketstream.benchmarks.run;

import static org.awaitility.Awaitility.await;

import io.marketstream.benchmarks.contender.TradeFlood;
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
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** {@link TradeFlood} as a process of its own. */
final class Flood implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path log;
  private final int symbols;
  private final int perFrame;
  private final long trades;

  private Flood(Process process, Path log, int symbols, int perFrame, long trades) {
    this.process = process;
    this.log = log;
    this.symbols = symbols;
    this.perFrame = perFrame;
    this.trades = trades;
  }

  /** As fast as its client takes them. */
  static Flood start(Path home, int symbols, int perFrame, long trades) throws IOException {
    return start(home, symbols, perFrame, trades, 1_000_000_000);
  }

  /**
   * @param rate trades per second
   */
  static Flood start(Path home, int symbols, int perFrame, long trades, int rate)
      throws IOException {
    Path log =
        Files.createTempFile(Files.createDirectories(home.resolve("logs")), "flood-", ".log");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-cp",
                    BuiltModule.jar("benchmarks/contenders").toString(),
                    TradeFlood.class.getName(),
                    "--symbols",
                    "" + symbols,
                    "--per-frame",
                    "" + perFrame,
                    "--trades",
                    "" + trades,
                    "--rate",
                    "" + rate))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Flood flood = new Flood(process, log, symbols, perFrame, trades);
    flood.said("port");
    return flood;
  }

  int symbols() {
    return symbols;
  }

  /** How many each client gets. */
  long trades() {
    return trades;
  }

  String url() {
    return "ws://127.0.0.1:" + said("port") + "/";
  }

  /** Epoch ms at which it began to send to its only client. */
  long startedAt() {
    return said("started");
  }

  /** Names of the symbols, with commas between them. */
  String symbolNames() {
    return String.join(",", IntStream.range(0, symbols).mapToObj(TradeFlood::symbol).toList());
  }

  private long said(String what) {
    return await(what + " in " + log)
        .atMost(PATIENCE)
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

  /** How many trades per second a client takes that only reads frames. */
  double ceiling() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), (int) said("port"))) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      OutputStream out = socket.getOutputStream();
      out.write(
          "GET / HTTP/1.1\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      skipHandshake(in);
      for (int i = 0; i < symbols; i++) {
        out.write(new byte[] {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0}); // an empty text, masked
      }
      long begin = System.nanoTime();
      for (long frame = 0; frame < trades / perFrame; frame++) {
        in.readUnsignedByte();
        int length = in.readUnsignedByte();
        in.skipNBytes(length == 126 ? in.readUnsignedShort() : length);
      }
      return trades * 1e9 / (System.nanoTime() - begin);
    } catch (IOException e) {
      throw new UncheckedIOException("see " + log, e);
    }
  }

  /** The answer to the handshake, up to an empty line. */
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
