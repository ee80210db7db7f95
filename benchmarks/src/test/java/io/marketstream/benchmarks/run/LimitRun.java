package io.marketstream.benchmarks.run;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.maven.ComponentClasspath;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.TestStack;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code DriverLimit} as a process of its own, with the driver that the Spark connector brings.
 *
 * @param stored the rows that it wrote
 * @param rowsPerSecond from its first batch to the last acknowledgement
 */
record LimitRun(StoredTicks stored, double rowsPerSecond) {
  private static final Pattern RESULT = Pattern.compile("rows=(\\d+) ms=(\\d+)");

  /** Fills its own keyspace, and drops it at the end. */
  static LimitRun of(BenchStores stores, int batch, long rows, int symbols, long begin)
      throws IOException, InterruptedException {
    String keyspace = stores.newKeyspace();
    Path log = stores.home.resolve("logs").resolve("driver-limit-" + keyspace + ".log");
    try (CqlSession session = stores.cassandra.session()) {
      Process process =
          new ProcessBuilder(command(stores, keyspace, batch, rows, symbols, begin))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      int code;
      try {
        code = process.waitFor();
      } finally {
        process.destroyForcibly();
      }
      Matcher result = RESULT.matcher(Files.readString(log));
      if (code != 0 || !result.find()) {
        throw new AssertionError("the driver alone ended with exit code " + code + ": see " + log);
      }
      return new LimitRun(
          StoredTicks.read(session, keyspace),
          Long.parseLong(result.group(1)) * 1000.0 / Long.parseLong(result.group(2)));
    } finally {
      stores.dropKeyspace(keyspace);
    }
  }

  private static List<String> command(
      BenchStores stores, String keyspace, int batch, long rows, int symbols, long begin) {
    String spark =
        ComponentClasspath.read(
                TestStack.ROOT.resolve(
                    "local/embedded-stack/classpaths/spark/target/classpath.txt"))
            .jars()
            .stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + BenchStores.HEAP_MB + "m");
    command.addAll(ComponentJvm.options());
    command.addAll(
        List.of(
            "-cp",
            BuiltModule.jar("benchmarks/contenders") + File.pathSeparator + spark,
            "io.marketstream.benchmarks.contender.DriverLimit",
            "--cassandra",
            stores.cqlHost() + ":" + stores.cqlPort(),
            "--keyspace",
            keyspace,
            "--rows",
            String.valueOf(rows),
            "--symbols",
            String.valueOf(symbols),
            "--batch",
            String.valueOf(batch),
            "--begin",
            String.valueOf(begin)));
    return command;
  }
}
