package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.local.component.FreePorts;
import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The disks of a pipeline run full. They are mounted before the pipeline is made, on the folders
 * where its parts will keep their data, and unmounted after it is closed.
 */
final class DiskFaults implements AutoCloseable {

  private static final Duration FULL = Duration.ofSeconds(20);

  private final SmallDisk kafka;
  private final SmallDisk cassandra;
  private final SmallDisk checkpoint;

  private DiskFaults(SmallDisk kafka, SmallDisk cassandra, SmallDisk checkpoint) {
    this.kafka = kafka;
    this.cassandra = cassandra;
    this.checkpoint = checkpoint;
  }

  /** Mounts the disks below the folder that the pipeline will be made in. */
  static DiskFaults in(Path home) {
    List<SmallDisk> disks = new ArrayList<>();
    try {
      disks.add(SmallDisk.on(home.resolve("kafka"), 512));
      disks.add(SmallDisk.on(home.resolve("cassandra"), 512));
      disks.add(SmallDisk.on(home.resolve("checkpoint"), 128));
      return new DiskFaults(disks.get(0), disks.get(1), disks.get(2));
    } catch (RuntimeException e) {
      disks.forEach(SmallDisk::close);
      throw e;
    }
  }

  /** All of them, for the pipeline of the same folder. */
  List<Fault> of(RealComponents pipeline) {
    return List.of(kafkaOf(pipeline), cassandraOf(pipeline), checkpointOf(pipeline));
  }

  /** The broker halts when its only log directory fails, and says why. */
  Fault kafkaOf(RealComponents pipeline) {
    return new Fault(
        "broker: disk full for 20 s",
        () -> {
          LogSince log = new LogSince(pipeline.kafka.log());
          runFull(kafka);
          assertThat(log.text()).as("the broker met the full disk").contains(SmallDisk.NO_SPACE);
          if (!pipeline.kafka.isRunning()) {
            pipeline.kafka.start();
          }
        });
  }

  /** The node's JVM ends, as its commit log is mapped; or it closes its port for clients. */
  Fault cassandraOf(RealComponents pipeline) {
    return new Fault(
        "Cassandra: disk full for 20 s",
        () -> {
          LogSince log = new LogSince(pipeline.cassandra.log());
          runFull(cassandra);
          assertThat(log.text())
              .as("the node met the full disk")
              .containsAnyOf(SmallDisk.NO_SPACE, "SIGBUS");
          if (FreePorts.isFree(pipeline.cassandra.cqlAddress().getPort())) {
            pipeline.cassandra.stop();
            pipeline.cassandra.start();
          }
        });
  }

  /** The job waits for room, and goes on by itself. */
  Fault checkpointOf(RealComponents pipeline) {
    return new Fault(
        "checkpoint: disk full for 20 s",
        () -> {
          LogSince log = new LogSince(pipeline.job.log());
          runFull(checkpoint);
          assertThat(log.text()).as("the job met the full disk").contains(SmallDisk.NO_SPACE);
          if (!pipeline.job.isRunning()) {
            throw pipeline.job.failure("did not wait for room on its checkpoint's disk");
          }
        });
  }

  private static void runFull(SmallDisk disk) throws InterruptedException {
    try {
      disk.stayFullFor(FULL);
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
