package io.marketstream.feed.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceTask;
import org.junit.jupiter.api.AfterEach;

/**
 * Runs the tasks of a connector against a simulated feed. After each test, it checks that no secret
 * is in the log, in an exception, in a record or in an offset.
 */
public abstract class FeedTaskHarness {

  /** Long enough for anything that a test waits for. */
  protected static final Duration SOON = Duration.ofSeconds(20);

  protected final CapturedLog log;
  protected final RunningTask.Offsets offsets = new RunningTask.Offsets();
  protected final Map<String, String> properties = new HashMap<>();
  private final List<RunningTask> tasks = new ArrayList<>();
  private final List<String> secrets;

  /**
   * @param plugin the package of the connector
   * @param secrets the texts that must not appear anywhere; empty for a feed without a key
   */
  protected FeedTaskHarness(String plugin, List<String> secrets) {
    this.log = new CapturedLog(plugin);
    this.secrets = secrets;
    properties.put("heartbeat.interval.ms", "0"); // a test of heartbeats turns them on
    properties.put("reconnect.backoff.ms", "20");
    properties.put("reconnect.backoff.max.ms", "50");
  }

  protected abstract SourceTask newTask();

  protected abstract void closeFeed();

  @AfterEach
  final void stopAndCheckSecrets() throws InterruptedException {
    StringBuilder seen = new StringBuilder();
    for (RunningTask task : tasks) {
      task.stop();
      if (task.failure() != null) {
        StringWriter trace = new StringWriter();
        task.failure().printStackTrace(new PrintWriter(trace));
        seen.append(trace);
      }
      task.records().forEach(seen::append);
    }
    closeFeed();
    log.close();
    log.lines().forEach(seen::append);
    if (!secrets.isEmpty()) {
      assertThat(seen.toString())
          .as("log at every level, exceptions, records and offsets")
          .doesNotContain(secrets);
    }
  }

  /** Starts a task. */
  protected final RunningTask start() {
    return start(properties, offsets, false);
  }

  /** Starts a task that is not polled until the test resumes it. */
  protected final RunningTask startPaused() {
    return start(properties, offsets, true);
  }

  protected final RunningTask start(
      Map<String, String> with, RunningTask.Offsets stored, boolean paused) {
    RunningTask task = new RunningTask(newTask(), with, stored, paused);
    tasks.add(task);
    return task;
  }

  /** A time field in epoch ms. */
  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  protected static long ms(Struct value, String field) {
    return ((Date) value.get(field)).getTime();
  }

  /** The values of a symbol. */
  protected static List<Struct> of(List<Struct> values, String symbol) {
    return values.stream().filter(value -> value.getString("symbol").equals(symbol)).toList();
  }

  protected static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }
}
