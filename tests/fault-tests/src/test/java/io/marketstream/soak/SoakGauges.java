package io.marketstream.soak;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.embedded.component.Component;
import io.marketstream.pipeline.TestStack;
import io.marketstream.soak.Gauge.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** The quantities that a soak watches, and how much each may grow. */
final class SoakGauges {

  private static final double MIB = 1024 * 1024;

  /** The heap after a full GC varies with the batch or request that is in progress. */
  private static final Allowance HEAP = new Allowance(0.1, 6 * MIB);

  /** A quarter of Cassandra's heap may be memtables, which fill and are flushed. */
  private static final Allowance CASSANDRA_HEAP = new Allowance(0.1, 96 * MIB);

  /** The running batch is a part of the heap. */
  private static final Allowance JOB_HEAP = new Allowance(0.1, 16 * MIB);

  /** Idle thread pools shrink and grow a little. */
  private static final Allowance THREADS = new Allowance(0.05, 5);

  private static final Allowance FILES = new Allowance(0.05, 16);

  /** A node opens several files for each table file, and compacts four of them into one. */
  private static final Allowance CASSANDRA_FILES = new Allowance(0.1, 60);

  /** The collector decides when it returns memory to the system. */
  private static final Allowance MEMORY = new Allowance(0.15, 48 * MIB);

  /** The heap of a GiB is taken from the system as the memtables fill for the first times. */
  private static final Allowance CASSANDRA_MEMORY = new Allowance(0.3, 0);

  /** A compacted topic fills one segment and then loses it. */
  private static final Allowance COMPACTED = new Allowance(0.2, 0);

  /** Old versions of the state are deleted every minute. */
  private static final Allowance CHECKPOINT = new Allowance(0.3, 0);

  private final TestStack pipeline;
  private final Path home;
  private final CqlSession cassandra;
  private final Admin admin;

  /**
   * @param home the pipeline's folder
   * @param cassandra a session that uses the pipeline's keyspace; the caller closes it
   * @param admin of the pipeline's broker; the caller closes it
   */
  SoakGauges(TestStack pipeline, Path home, CqlSession cassandra, Admin admin) {
    this.pipeline = pipeline;
    this.home = home;
    this.cassandra = cassandra;
    this.admin = admin;
  }

  List<Gauge> all() {
    List<Gauge> gauges = new ArrayList<>();
    gauges.addAll(ofProcess("Kafka", pipeline.kafka, HEAP, FILES, MEMORY));
    gauges.addAll(ofProcess("worker", pipeline.connect, HEAP, FILES, MEMORY));
    gauges.addAll(
        ofProcess(
            "Cassandra", pipeline.cassandra, CASSANDRA_HEAP, CASSANDRA_FILES, CASSANDRA_MEMORY));
    gauges.addAll(ofProcess("job", pipeline.job, JOB_HEAP, FILES, MEMORY));
    gauges.addAll(ofWorkersTopic("offsets"));
    gauges.addAll(ofFolder("checkpoint", home.resolve("checkpoint"), CHECKPOINT));
    gauges.addAll(ofFolder("job's own folder", home.resolve("job"), CHECKPOINT));
    gauges.add(Gauge.reported("job: batches done", Unit.COUNT, this::batches));
    gauges.add(
        Gauge.reported(
            "worker's status topic",
            Unit.KIB,
            () -> StoredBytes.ofTopic(admin, "market-stream-connect-status")));
    gauges.add(Gauge.reported("log files", Unit.KIB, () -> folder(home.resolve("logs")).bytes()));
    gauges.add(
        Gauge.reported(
            "topic of ticks", Unit.MIB, () -> StoredBytes.ofTopic(admin, "market_data")));
    gauges.add(
        Gauge.reported(
            "Cassandra's folder", Unit.MIB, () -> folder(home.resolve("cassandra")).bytes()));
    gauges.add(Gauge.reported("age of the newest row", Unit.MILLIS, this::ageOfNewestRow));
    return gauges;
  }

  private static List<Gauge> ofProcess(
      String name, Component component, Allowance heap, Allowance files, Allowance memory) {
    JvmProbe jvm = new JvmProbe(component);
    return List.of(
        Gauge.flat(name + ": heap after a full GC", Unit.MIB, heap, jvm::liveHeapBytes).asCostly(),
        Gauge.flat(name + ": threads", Unit.COUNT, THREADS, jvm::threads),
        Gauge.flat(name + ": file descriptors", Unit.COUNT, files, jvm::openFiles),
        Gauge.flat(name + ": anonymous memory", Unit.MIB, memory, jvm::anonymousBytes));
  }

  private List<Gauge> ofWorkersTopic(String which) {
    String topic = "market-stream-connect-" + which;
    String name = "worker's " + which + " topic";
    return List.of(
        Gauge.saw(name, Unit.KIB, COMPACTED, () -> StoredBytes.ofTopic(admin, topic)),
        Gauge.saw(
            name + ": records",
            Unit.COUNT,
            COMPACTED,
            () -> StoredBytes.recordsOf(pipeline.kafka, topic)));
  }

  private static List<Gauge> ofFolder(String name, Path folder, Allowance allowance) {
    return List.of(
        Gauge.saw(name, Unit.KIB, allowance, () -> folder(folder).bytes()),
        Gauge.saw(name + ": files", Unit.COUNT, allowance, () -> folder(folder).files()));
  }

  private static StoredBytes.Folder folder(Path path) throws IOException {
    return StoredBytes.Folder.of(path);
  }

  /** Returns the number of the newest batch in the checkpoint. */
  private double batches() throws IOException {
    try (Stream<Path> commits = Files.list(home.resolve("checkpoint/market_data/commits"))) {
      return commits
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .mapToDouble(Double::parseDouble)
          .max()
          .orElse(0);
    }
  }

  private double ageOfNewestRow() {
    Instant newest = Instant.EPOCH;
    for (Row row : cassandra.execute("SELECT received_at FROM latest_ticks")) {
      Instant received = row.getInstant("received_at");
      newest = received.isAfter(newest) ? received : newest;
    }
    return Instant.now().toEpochMilli() - newest.toEpochMilli();
  }
}
