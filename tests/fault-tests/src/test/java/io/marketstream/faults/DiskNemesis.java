package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.embedded.component.FreePorts;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills the disks of a pipeline. The disks are mounted before the pipeline is made, on the folders
 * where its components will keep their data. They are unmounted after the pipeline is closed.
 */
final class DiskNemesis implements AutoCloseable {

  private static final Duration FULL_FOR = Duration.ofSeconds(20);

  private final SmallDisk kafka;
  private final SmallDisk cassandra;
  private final SmallDisk checkpoint;

  private DiskNemesis(SmallDisk kafka, SmallDisk cassandra, SmallDisk checkpoint) {
    this.kafka = kafka;
    this.cassandra = cassandra;
    this.checkpoint = checkpoint;
  }

  /** Mounts the disks below the future folder of the pipeline. */
  static DiskNemesis in(Path home) {
    List<SmallDisk> disks = new ArrayList<>();
    try {
      disks.add(SmallDisk.on(home.resolve("kafka"), 512));
      disks.add(SmallDisk.on(home.resolve("cassandra"), 512));
      disks.add(SmallDisk.on(home.resolve("checkpoint"), 128));
      return new DiskNemesis(disks.get(0), disks.get(1), disks.get(2));
    } catch (RuntimeException e) {
      disks.forEach(SmallDisk::close);
      throw e;
    }
  }

  /** Returns the faults of all disks, for the pipeline of the same folder. */
  List<Fault> faults(TestStack stack) {
    return List.of(brokerFault(stack), cassandraFault(stack), checkpointFault(stack));
  }

  /** The broker halts when its only log directory fails, and logs why. */
  Fault brokerFault(TestStack stack) {
    return new Fault(
        "broker: disk full for 20 s",
        () -> {
          LogSince log = new LogSince(stack.kafka.log());
          fill(kafka);
          assertThat(log.text())
              .as("the broker reported the full disk")
              .contains(SmallDisk.NO_SPACE);
          if (!stack.kafka.isRunning()) {
            stack.kafka.start();
          }
        });
  }

  /**
   * The node's JVM may end, because its commit log is mapped. Or it closes its port for clients.
   */
  Fault cassandraFault(TestStack stack) {
    return new Fault(
        "Cassandra: disk full for 20 s",
        () -> {
          LogSince log = new LogSince(stack.cassandra.log());
          fill(cassandra);
          assertThat(log.text())
              .as("the node reported the full disk")
              .containsAnyOf(SmallDisk.NO_SPACE, "SIGBUS");
          if (!FreePorts.isServed(stack.cassandra.cqlAddress().getPort())) {
            stack.cassandra.stop();
            stack.cassandra.start();
          }
        });
  }

  /** The job waits for space, and then continues by itself. */
  Fault checkpointFault(TestStack stack) {
    return new Fault(
        "checkpoint: disk full for 20 s",
        () -> {
          LogSince log = new LogSince(stack.job.log());
          fill(checkpoint);
          assertThat(log.text()).as("the job reported the full disk").contains(SmallDisk.NO_SPACE);
          if (!stack.job.isRunning()) {
            throw stack.job.failure("did not wait for space on the disk of its checkpoint");
          }
        });
  }

  private static void fill(SmallDisk disk) throws InterruptedException {
    try {
      disk.stayFullFor(FULL_FOR);
    } finally {
      disk.free();
    }
  }

  @Override
  public void close() {
    for (SmallDisk disk : List.of(kafka, cassandra, checkpoint)) {
      disk.close();
    }
  }
}
