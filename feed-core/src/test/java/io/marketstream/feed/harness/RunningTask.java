package io.marketstream.feed.harness;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.awaitility.Awaitility;

/**
 * Drives a task as a worker does: one thread starts, polls and stops it, acknowledges each record
 * and stores its offset.
 */
public final class RunningTask {

  /** Source offsets as a worker stores them. They survive the task. */
  public static final class Offsets implements OffsetStorageReader {
    private final Map<Map<String, ?>, Map<String, Object>> stored = new ConcurrentHashMap<>();
    private final JsonConverter converter = new JsonConverter();

    public Offsets() {
      converter.configure(Map.of("schemas.enable", "false"), false);
    }

    /**
     * The offsets that a worker has stored at this moment. Later changes do not affect the copy.
     */
    public Offsets copy() {
      Offsets copy = new Offsets();
      copy.stored.putAll(stored);
      return copy;
    }

    public void store(SourceRecord record) {
      byte[] json = converter.fromConnectData("", null, record.sourceOffset());
      if (json == null) {
        stored.remove(record.sourcePartition()); // as a tombstone does
        return;
      }
      Map<String, Object> offset = new HashMap<>();
      ((Map<?, ?>) converter.toConnectData("", json).value())
          .forEach((key, value) -> offset.put((String) key, value));
      stored.put(record.sourcePartition(), offset);
    }

    public Map<String, Object> of(String source, String symbol) {
      return stored.get(Map.of("source", source, "symbol", symbol));
    }

    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
      return stored.get(partition);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, stored.get(partition)));
      return found;
    }
  }

  private final SourceTask task;
  private final Map<String, String> properties;
  private final Offsets offsets;
  private final List<SourceRecord> records = new CopyOnWriteArrayList<>();
  private final Thread worker;
  private final Object polling = new Object();
  private boolean inPoll;
  private volatile boolean paused;
  private volatile boolean stopping;
  private volatile Throwable failure;
  private volatile Duration stopTook;

  public RunningTask(SourceTask task, Map<String, String> properties, Offsets offsets) {
    this(task, properties, offsets, false);
  }

  /**
   * @param paused whether to begin without polling
   */
  public RunningTask(
      SourceTask task, Map<String, String> properties, Offsets offsets, boolean paused) {
    this.task = task;
    this.properties = properties;
    this.offsets = offsets;
    this.paused = paused;
    this.worker = new Thread(this::work, "worker-of-the-test");
    worker.setDaemon(true);
    worker.start();
  }

  private void work() {
    try {
      task.initialize(context());
      task.start(properties);
      while (!stopping) {
        if (paused) {
          Thread.sleep(5);
        } else {
          take(poll());
        }
      }
    } catch (Exception e) {
      failure = e;
    }
    long start = System.nanoTime();
    task.stop();
    stopTook = Duration.ofNanos(System.nanoTime() - start);
  }

  /** Polls once. {@link #stop} may interrupt it, because an empty poll waits for up to a second. */
  private List<SourceRecord> poll() throws InterruptedException {
    synchronized (polling) {
      if (stopping) {
        return null;
      }
      inPoll = true;
    }
    try {
      return task.poll();
    } catch (InterruptedException e) {
      if (stopping) {
        return null;
      }
      throw e;
    } finally {
      synchronized (polling) {
        inPoll = false;
        // An interrupt that came after the poll must not reach the task's stop.
        Thread.interrupted();
      }
    }
  }

  private void take(List<SourceRecord> polled) throws InterruptedException {
    if (polled != null) {
      for (SourceRecord polledRecord : polled) {
        records.add(polledRecord);
        offsets.store(polledRecord);
        task.commitRecord(polledRecord, null);
      }
    }
  }

  private SourceTaskContext context() {
    return new SourceTaskContext() {
      @Override
      public Map<String, String> configs() {
        return properties;
      }

      @Override
      public OffsetStorageReader offsetStorageReader() {
        return offsets;
      }

      @Override
      public PluginMetrics pluginMetrics() {
        return null;
      }
    };
  }

  public void pause() {
    paused = true;
  }

  public void resume() {
    paused = false;
  }

  public List<SourceRecord> records() {
    return records;
  }

  /** The values of the records of one topic so far, in order. */
  public List<Struct> values(String topic) {
    List<Struct> values = new ArrayList<>();
    for (SourceRecord r : records) {
      if (r.topic().equals(topic)) {
        values.add((Struct) r.value());
      }
    }
    return values;
  }

  /** Returns a metric that the only task of this JVM publishes over JMX. */
  public long metric(String name) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName any = new ObjectName("io.marketstream:type=feed-task-metrics,*");
      for (ObjectName bean : server.queryNames(any, null)) {
        return (long) server.getAttribute(bean, name);
      }
      return 0; // the task has not started yet
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  public List<Struct> ticks() {
    return values("market_data");
  }

  public List<Struct> gaps() {
    return values("market_data_gaps");
  }

  public List<Struct> heartbeats() {
    return values("market_data_heartbeats");
  }

  public List<Struct> rejects() {
    return values("market_data_rejected");
  }

  public void await(String what, Predicate<RunningTask> condition) {
    Awaitility.await(what)
        .atMost(20, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> condition.test(this));
  }

  public Throwable awaitFailure() {
    return Awaitility.await("failure of the task")
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> failure, thrown -> thrown != null);
  }

  /** Stops the task as a worker does; returns how long its {@code stop} took. */
  public Duration stop() throws InterruptedException {
    synchronized (polling) {
      stopping = true;
      if (inPoll) {
        worker.interrupt();
      }
    }
    worker.join(20_000);
    return stopTook;
  }

  public Throwable failure() {
    return failure;
  }
}
