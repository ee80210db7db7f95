package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.embedded.component.FreePorts;
import io.marketstream.local.run.LocalPorts;
import io.marketstream.pipeline.MarketStreamCommand;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Measures how long {@code ./market-stream up} takes until it shows the first row from Cassandra,
 * with an empty data directory. Everything is built, and the script's check of the sources is not
 * included.
 */
@Tag("bench")
class StartBenchIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.bench.rounds", 3);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  @Test
  void firstRow() throws Exception {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-stores-");
    BenchReport report = new BenchReport("start", Map.of(), BenchReport.line("rounds", ROUNDS));
    List<Double> seconds = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      seconds.add(upUntilTheFirstRow(home, round));
      report.run(BenchReport.line("round", round, "s", seconds.get(round - 1)));
    }
    report.summarize("s until the first row", seconds);
    report.print();
  }

  private static double upUntilTheFirstRow(Path home, int round) throws Exception {
    LocalPorts ports = new LocalPorts(FreePorts.next(), FreePorts.next(), FreePorts.next());
    Path data = home.resolve("up-" + round);
    Path output = home.resolve("up-" + round + ".txt");
    ProcessBuilder up =
        new ProcessBuilder(
                MarketStreamCommand.line(
                    TestStack.ROOT,
                    List.of("up", "--data-dir", data.toString(), "--duration", "1s")))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    up.environment()
        .put(LocalPorts.VARIABLE, ports.kafka() + "," + ports.connect() + "," + ports.cassandra());
    up.environment().keySet().removeAll(List.of("FINNHUB_TOKEN", "COINCAP_API_KEY"));
    long begin = System.nanoTime();
    Process process = up.start();
    try {
      await("a row in " + output)
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !process.isAlive() || Files.readString(output).contains("ticks/s"));
      long end = System.nanoTime();
      assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("see %s", output).isZero();
      BenchStores.delete(data);
      return (end - begin) / 1e9;
    } finally {
      process.destroyForcibly();
    }
  }
}
