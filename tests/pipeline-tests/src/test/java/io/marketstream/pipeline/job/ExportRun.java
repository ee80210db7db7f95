package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command that exports, as a process of its own, with files in a folder of its own. */
final class ExportRun {
  final Path folder;
  private final TestStack stores;
  private final String keyspace;
  private final int heapMb;

  /** What an export has said. */
  record Ended(int code, String out, String err) {}

  ExportRun(TestStack stores, String keyspace) {
    this(stores, keyspace, 64);
  }

  ExportRun(TestStack stores, String keyspace, int heapMb) {
    this.stores = stores;
    this.keyspace = keyspace;
    this.heapMb = heapMb;
    this.folder = stores.newFolder("export");
  }

  /** Exports, and returns when the process has ended. */
  Ended run(String... options) {
    try {
      Process process = start(options);
      assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("the export ends").isTrue();
      return ended(process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Exports what must succeed. */
  String write(String... options) {
    Ended ended = run(options);
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  Process start(String... options) {
    try {
      Files.createDirectories(folder);
      List<String> line =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + heapMb + "m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  BuiltModule.jar("market-data-api").toString(),
                  "export",
                  "--keyspace=" + keyspace,
                  "--output=" + folder,
                  "--cassandra="
                      + stores.cassandra.cqlAddress().getHostString()
                      + ":"
                      + stores.cassandra.cqlAddress().getPort()));
      line.addAll(List.of(options));
      return new ProcessBuilder(line)
          .redirectOutput(folder.resolveSibling(folder.getFileName() + ".out").toFile())
          .redirectError(folder.resolveSibling(folder.getFileName() + ".err").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a process that has ended has said. */
  Ended ended(Process process) {
    try {
      return new Ended(
          process.exitValue(),
          Files.readString(folder.resolveSibling(folder.getFileName() + ".out")),
          Files.readString(folder.resolveSibling(folder.getFileName() + ".err")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of all files, from the folder on, sorted. */
  List<String> files() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
