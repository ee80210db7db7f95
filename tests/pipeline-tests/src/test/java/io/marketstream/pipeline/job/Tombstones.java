package io.marketstream.pipeline.job;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.TraceEvent;
import io.marketstream.embedded.maven.ComponentClasspath;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a table holds tombstones: what a delete, a null that was bound, or an overwritten
 * collection that is not frozen leaves behind.
 *
 * <p>Two ways, which see different things. {@link #met} asks a running node and sees what a reader
 * pays for: a tombstone that a newer value covers does not count. {@link #inFiles} reads the files
 * of one that was stopped, and sees each one that was written and not yet merged away.
 */
final class Tombstones {
  /** What the trace of a read says; one line a page and source. */
  private static final Pattern TRACED = Pattern.compile("and (\\d+) tombstone cells");

  /** What stands in a dump for every kind of tombstone: partition, range, row, cell, collection. */
  private static final String DUMPED = "\"deletion_info\"";

  private static final int PAGE = 5_000;

  /** A trace is written behind the answer: it is asked for again until it is complete. */
  private static final int TRACE_ATTEMPTS = 200;

  /** What Cassandra's tools need of Java 17, as their own start script gives it. */
  private static final List<String> EXPORTS =
      List.of("java.base/jdk.internal.misc", "java.base/jdk.internal.ref", "java.base/sun.nio.ch");

  private static final List<String> OPENS =
      List.of(
          "java.base/java.io",
          "java.base/java.nio",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch");

  private Tombstones() {}

  /**
   * Reads the whole table, traced.
   *
   * @return how many tombstones the reads met
   */
  static long met(CqlSession session, String keyspace, String table) {
    DriverExecutionProfile patient =
        session
            .getContext()
            .getConfig()
            .getDefaultProfile()
            .withInt(DefaultDriverOption.REQUEST_TRACE_ATTEMPTS, TRACE_ATTEMPTS)
            .withDuration(DefaultDriverOption.REQUEST_TRACE_INTERVAL, Duration.ofMillis(100));
    SimpleStatement everything =
        SimpleStatement.newInstance("SELECT * FROM " + keyspace + "." + table)
            .setPageSize(PAGE)
            .setExecutionProfile(patient)
            .setTracing(true);
    long tombstones = 0;
    AsyncResultSet page = get(session.executeAsync(everything));
    while (true) {
      tombstones += traced(page, table);
      if (!page.hasMorePages()) {
        return tombstones;
      }
      page = get(page.fetchNextPage());
    }
  }

  private static long traced(AsyncResultSet page, String table) {
    List<String> activities =
        page.getExecutionInfo().getQueryTrace().getEvents().stream()
            .map(TraceEvent::getActivity)
            .toList();
    List<Matcher> counts = activities.stream().map(TRACED::matcher).filter(Matcher::find).toList();
    if (counts.isEmpty()) {
      throw new IllegalStateException(
          "the trace of a read of " + table + " counts no tombstones, not even 0: " + activities);
    }
    return counts.stream().mapToLong(count -> Long.parseLong(count.group(1))).sum();
  }

  /**
   * Dumps the table's files with Cassandra's own tool.
   *
   * @param dataDir the data directory of a node that was stopped in an orderly way: what it had in
   *     memory is in its files then
   * @return the dump's line of every tombstone
   */
  static List<String> inFiles(
      Path dataDir, ComponentClasspath cassandra, String keyspace, String table)
      throws IOException, InterruptedException {
    List<String> found = new ArrayList<>();
    for (TableFile file : TableFile.of(dataDir, keyspace, table)) {
      found.addAll(dump(file.data(), dataDir, cassandra));
    }
    return found;
  }

  private static List<String> dump(Path file, Path dataDir, ComponentClasspath cassandra)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    EXPORTS.forEach(name -> command.add("--add-exports=" + name + "=ALL-UNNAMED"));
    OPENS.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
    command.add("-Dcassandra.storagedir=" + dataDir);
    command.add("-Dcassandra.config=" + dataDir.resolve("cassandra.yaml").toUri());
    command.add("-Dlogback.configurationFile=" + dataDir.resolve("cassandra-logback.xml").toUri());
    command.add("-Djna.tmpdir=" + dataDir.resolve("tmp"));
    command.add("-cp");
    command.add(
        cassandra.jars().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    command.add("org.apache.cassandra.tools.SSTableExport");
    command.add(file.toString());
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    tool.getOutputStream().close();
    List<String> found = new ArrayList<>();
    String failure = "";
    try (BufferedReader lines = tool.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(DUMPED)) {
          found.add(line.strip());
        }
        if (failure.isEmpty() && (line.contains("Exception") || line.contains("Error"))) {
          failure = line;
        }
      }
    }
    if (tool.waitFor() != 0) {
      throw new IOException("sstabledump of " + file + " failed: " + failure);
    }
    return found;
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
