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
 * Finds the tombstones of a table. A delete, a bound null, or an overwritten collection that is not
 * frozen leaves them.
 *
 * <p>There are two ways, with different results. {@link #met} queries a running node and finds the
 * tombstones that a reader reads. It does not count a tombstone under a newer value. {@link
 * #inFiles} reads the files of a stopped node and finds each tombstone that compaction has not
 * removed.
 */
final class Tombstones {
  /** The trace of a read has such a line per page and source. */
  private static final Pattern TRACED = Pattern.compile("and (\\d+) tombstone cells");

  /** Matches every kind of tombstone in a dump: partition, range, row, cell, collection. */
  private static final String DUMPED = "\"deletion_info\"";

  private static final int PAGE = 5_000;

  /** Cassandra writes a trace after the answer, so it is read again until it is complete. */
  private static final int TRACE_ATTEMPTS = 200;

  /** The options of Java 17 that Cassandra's tools need, as in their start script. */
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
   * Reads the whole table with tracing.
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
   * @param dataDir the data directory of a node that was stopped normally, so that its memtables
   *     are in its files
   * @return the line of the dump for every tombstone
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
