package io.marketstream.benchmarks.run;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A real broker and a real Cassandra node for one benchmark, on free ports. Closing them deletes
 * their data and keeps their logs.
 */
final class BenchStores implements AutoCloseable {
  /** The heap of every job and of the driver alone, MiB. */
  static final int HEAP_MB = 768;

  /** {@code group} or {@code periodic}: {@code commitlog_sync} of the node. */
  static final String COMMIT_LOG = System.getProperty("marketstream.bench.commitlog", "group");

  /** Of a topic of ticks. Its topic of gaps has one. */
  static final int PARTITIONS = 6;

  final Path home;
  final KafkaBroker kafka;
  final CassandraNode cassandra;

  private final MavenComponents components = new MavenComponents(TestStack.ROOT);
  private int names;

  private BenchStores(Path home) {
    this.home = home;
    // The benchmark creates the topics, and the broker must not create others.
    this.kafka =
        components.kafka(
            settings("kafka", FreePorts.next(), 384).with("auto.create.topics.enable", "false"));
    this.cassandra = components.cassandra(cassandra());
  }

  private ComponentSettings cassandra() {
    ComponentSettings settings = settings("cassandra", FreePorts.next(), 1024);
    return COMMIT_LOG.equals("group") // as in ./market-stream
        ? settings
        : settings
            .with("commitlog_sync", COMMIT_LOG)
            .with("commitlog_sync_period", "10s")
            .with("commitlog_sync_group_window", "0ms");
  }

  static BenchStores start() throws IOException {
    BenchStores stores =
        new BenchStores(
            Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-stores-"));
    try {
      stores.cassandra.start();
      stores.kafka.start();
    } catch (RuntimeException e) {
      stores.close();
      throw e;
    }
    return stores;
  }

  private ComponentSettings settings(String name, int port, int heapMb) {
    return ComponentSettings.in(home, name, port, heapMb).withJvmOptions(ComponentJvm.options());
  }

  /** A stopped job. */
  SparkJob job(String name, JobSubmission submission) {
    return components.spark(settings(name, 0, HEAP_MB), submission);
  }

  /** Returns a name that is unique in these stores. */
  String newName(String word) {
    names++;
    return word + "_" + names;
  }

  /** Creates a topic of ticks and its topic of gaps. */
  String newTopic() {
    String topic = newName("ticks");
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty()),
                  new NewTopic(gapsOf(topic), Optional.of(1), Optional.empty())))
          .all()
          .get();
      return topic;
    } catch (ExecutionException e) {
      throw new AssertionError("topic " + topic + " cannot be created", e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static String gapsOf(String topic) {
    return topic + "_gaps";
  }

  /** The job creates this topic. */
  static String rejectedOf(String topic) {
    return topic + "_rejected";
  }

  /** Deletes a topic with its other topics. */
  void deleteTopic(String topic) {
    try (Admin admin = kafka.admin()) {
      Set<String> mine =
          admin.listTopics().names().get().stream()
              .filter(Set.of(topic, gapsOf(topic), rejectedOf(topic))::contains)
              .collect(Collectors.toSet());
      admin.deleteTopics(mine).all().get();
    } catch (ExecutionException e) {
      throw new AssertionError("topic " + topic + " cannot be deleted", e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Creates a keyspace with the shipped tables. */
  String newKeyspace() {
    String keyspace = newName("bench");
    cassandra.applySchema(TestStack.ROOT.resolve("cassandra-cql"), keyspace);
    return keyspace;
  }

  void dropKeyspace(String keyspace) {
    try (CqlSession session = cassandra.session()) {
      session.execute("DROP KEYSPACE " + keyspace);
    }
  }

  String cqlHost() {
    return cassandra.cqlAddress().getHostString();
  }

  String cqlPort() {
    return String.valueOf(cassandra.cqlAddress().getPort());
  }

  /** Processor time of a process so far, user and system. */
  static Duration processorTime(Component component) {
    return ProcessHandle.of(component.pid().orElseThrow())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(
            () -> new AssertionError("this machine does not tell the processor time of processes"));
  }

  /** Returns the peak RAM of a process so far, in bytes. It is known on Linux only. */
  static long peakMemory(Component component) {
    Path status = Path.of("/proc/" + component.pid().orElseThrow() + "/status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("this machine does not tell the memory of processes", e);
    }
  }

  @Override
  public void close() {
    kafka.stop();
    cassandra.stop();
    delete(home.resolve("kafka"));
    delete(home.resolve("cassandra"));
  }

  /** Deletes a folder with its content. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }

  static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", e);
  }
}
