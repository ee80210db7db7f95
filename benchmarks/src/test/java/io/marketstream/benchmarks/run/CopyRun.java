package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectSetup;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.maven.ComponentClasspath;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.ShippedConnectors;
import io.marketstream.pipeline.TestStack;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run that copies ticks from the flood to its own topic.
 *
 * @param ticks that arrived, which are all that were sent
 * @param dropped how many of them the connector dropped and recorded as dropped
 * @param perSecond ticks, from the first frame until the broker has the last record
 * @param cpuMicros processor time of the copying process per tick, from the connection on
 * @param peakBytes peak RAM of the worker; 0 if it was not measured
 * @param arrivals the times of each record; empty if they are not needed
 */
record CopyRun(
    long ticks,
    long dropped,
    double perSecond,
    double cpuMicros,
    long peakBytes,
    List<CopiedTopic.Arrival> arrivals) {
  static final int HEAP_MB = 512;
  private static final Pattern RESULT = Pattern.compile("ticks=\\d+ cpu_ms=(\\d+)");

  /** The record that {@code BareLoop} writes for a trade. */
  private static final String RECORD =
      "{\"source\":\"finnhub\",\"kind\":\"trade\",\"symbol\":\"SYM17\",\"price\":\"417.57\","
          + "\"volume\":\"118\",\"conditions\":[\"1\",\"12\"],\"event_time\":1795950000000,"
          + "\"received_at\":1795950000012}";

  static CopyRun ofBareLoop(Path home, KafkaBroker kafka, Flood flood, String name)
      throws Exception {
    long ticks = flood.plan().ticks();
    Path log = home.resolve("logs").resolve(name + ".log");
    try (CopiedTopic topic = CopiedTopic.create(kafka, name)) {
      Process process =
          new ProcessBuilder(bareLoop(home, kafka, flood, name))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        double perSecond = rate(ticks, flood.startedAt(), topic.awaitRecords(ticks));
        assertThat(process.waitFor()).as("exit code; log %s", log).isZero();
        assertThat(topic.count()).isEqualTo(ticks);
        Matcher result = RESULT.matcher(Files.readString(log));
        assertThat(result.find()).as("a result in %s", log).isTrue();
        double cpu = Long.parseLong(result.group(1)) * 1000.0 / ticks;
        return new CopyRun(ticks, 0, perSecond, cpu, 0, List.of());
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static double rate(long ticks, long fromMs, long toMs) {
    return ticks * 1000.0 / (toMs - fromMs);
  }

  private static List<String> bareLoop(Path home, KafkaBroker kafka, Flood flood, String topic)
      throws IOException {
    String connect =
        ComponentClasspath.read(
                TestStack.ROOT.resolve(
                    "local/embedded-stack/classpaths/connect/target/classpath.txt"))
            .jars()
            .stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + HEAP_MB + "m");
    command.addAll(ComponentJvm.options());
    command.add("-cp");
    command.add(
        BuiltModule.jar("benchmarks/contenders")
            + File.pathSeparator
            + libraries(home)
            + File.pathSeparator
            + connect);
    command.add("io.marketstream.benchmarks.contender.BareLoop");
    command.addAll(List.of("--feed", flood.plan().feed().name().toLowerCase(Locale.ROOT)));
    command.addAll(List.of("--url", flood.url()));
    command.addAll(List.of("--bootstrap-servers", kafka.bootstrapServers()));
    command.addAll(List.of("--topic", topic));
    command.addAll(List.of("--symbols", "" + flood.plan().symbols()));
    command.addAll(List.of("--ticks", "" + flood.plan().ticks()));
    return command;
  }

  /** Returns OkHttp and Jackson from the plugin. */
  private static String libraries(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(plugins(home))) {
      return files
          .filter(file -> file.toString().contains("finnhub-source-connector"))
          .filter(file -> file.toString().endsWith(".jar"))
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  private static Path plugins(Path home) throws IOException {
    Path plugins = home.resolve("plugins");
    if (!Files.exists(plugins)) {
      for (Feed feed : Feed.values()) {
        PluginArchives.unpack(PluginArchives.find(TestStack.ROOT, feed), plugins);
      }
      Path contenders = Files.createDirectories(plugins.resolve("contenders"));
      Path jar = BuiltModule.jar("benchmarks/contenders");
      Files.copy(jar, contenders.resolve(jar.getFileName()));
    }
    return plugins;
  }

  /**
   * Starts a worker with the shipped configuration and both plugins. It has its own group and
   * topics, because otherwise it would also start the connectors of earlier runs.
   */
  static ConnectWorker worker(Path home, KafkaBroker kafka, String name, int heapMb)
      throws IOException {
    ConnectWorker worker =
        new MavenComponents(TestStack.ROOT)
            .connect(
                ComponentSettings.in(home, name, FreePorts.next(), heapMb)
                    .withJvmOptions(ComponentJvm.options())
                    .with("group.id", name)
                    .with("config.storage.topic", name + "-configs")
                    .with("offset.storage.topic", name + "-offsets")
                    .with("status.storage.topic", name + "-status"),
                ConnectSetup.distributed(
                    TestStack.ROOT.resolve("connect-configs/connect-distributed.properties"),
                    kafka.bootstrapServers(),
                    plugins(home)));
    worker.start();
    return worker;
  }

  /**
   * How a connector is run.
   *
   * @param changes settings of the connector that differ from the shipped ones
   * @param heapMb of the worker
   * @param mayDrop whether ticks may be dropped, if gaps record how many
   * @param arrivals whether to record the times of each tick
   */
  record Setup(Map<String, String> changes, int heapMb, boolean mayDrop, boolean arrivals) {
    /** The shipped settings. */
    static Setup shipped() {
      return with(Map.of());
    }

    static Setup with(Map<String, String> changes) {
      return new Setup(changes, HEAP_MB, false, false);
    }
  }

  /** On a worker of its own, with the shipped configurations of worker and connector. */
  static CopyRun ofConnector(Path home, KafkaBroker kafka, Flood flood, String name, Setup setup)
      throws Exception {
    long ticks = flood.plan().ticks();
    ConnectWorker worker = worker(home, kafka, name, setup.heapMb());
    try (CopiedTopic topic = CopiedTopic.create(kafka, name);
        CopiedTopic gaps = CopiedTopic.create(kafka, name + "-gaps", 1)) {
      Duration before = BenchStores.processorTime(worker);
      worker.rest().create(connector(flood, name, setup.changes()));
      long dropped = setup.mayDrop() ? topic.awaitAccounted(gaps, ticks) : 0;
      long end = topic.awaitRecords(ticks - dropped, flood.plan().planned());
      double cpu = processorMicros(worker, before, ticks);
      long peak = BenchStores.peakMemory(worker);
      List<CopiedTopic.Arrival> arrivals = new ArrayList<>();
      topic.assertNumbered(ticks - dropped, flood.plan().symbols(), setup.mayDrop());
      if (setup.arrivals()) {
        topic.visit((record, tick) -> arrivals.add(CopiedTopic.Arrival.of(record, tick)));
      }
      return new CopyRun(ticks, dropped, rate(ticks, flood.startedAt(), end), cpu, peak, arrivals);
    } finally {
      worker.stop();
      BenchStores.delete(home.resolve(name));
    }
  }

  /** {@code ReadySourceConnector} on a worker of its own, with the shipped settings. */
  static CopyRun ofReadySource(Path home, KafkaBroker kafka, int symbols, long records, String name)
      throws Exception {
    ConnectWorker worker = worker(home, kafka, name, HEAP_MB);
    try (CopiedTopic topic = CopiedTopic.create(kafka, name)) {
      ObjectNode connector = shipped("finnhub-source.json", name);
      ObjectNode config = (ObjectNode) connector.get("config");
      config.retain(
          config.properties().stream()
              .map(Map.Entry::getKey)
              .filter(key -> key.startsWith("producer.override."))
              .toList());
      config.put("connector.class", "io.marketstream.benchmarks.contender.ReadySourceConnector");
      config.put("tasks.max", "1");
      config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
      config.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
      config.put("topic", name);
      config.put("symbols", "" + symbols);
      config.put("records", "" + records);
      config.put("record", RECORD);
      Duration before = BenchStores.processorTime(worker);
      worker.rest().create(connector.toString());
      topic.awaitRecords(1);
      long first = topic.count();
      long begin = System.currentTimeMillis();
      double perSecond = rate(records - first, begin, topic.awaitRecords(records));
      assertThat(topic.count()).isEqualTo(records);
      double cpu = processorMicros(worker, before, records);
      return new CopyRun(records, 0, perSecond, cpu, 0, List.of());
    } finally {
      worker.stop();
      BenchStores.delete(home.resolve(name));
    }
  }

  private static double processorMicros(ConnectWorker worker, Duration before, long ticks) {
    return BenchStores.processorTime(worker).minus(before).toNanos() / 1000.0 / ticks;
  }

  /** Returns a connector of connect-configs/ with another name. */
  static ObjectNode shipped(String file, String name) {
    ObjectNode connector = ShippedConnectors.read(file);
    connector.put("name", name);
    return connector;
  }

  private static String connector(Flood flood, String name, Map<String, String> changes)
      throws IOException {
    Flood.Plan plan = flood.plan();
    String feed = plan.feed().name().toLowerCase(Locale.ROOT);
    ObjectNode connector = shipped(feed + "-source.json", name);
    ObjectNode config = (ObjectNode) connector.get("config");
    config.put(feed + ".websocket.url", flood.url());
    switch (plan.feed()) {
      case FINNHUB ->
          config
              .put("finnhub.token", "a-token-of-the-benchmark")
              .put("finnhub.symbols", plan.symbolNames())
              .put("finnhub.subscribe.interval.ms", "1");
      case COINCAP ->
          config
              .put("coincap.api.key", "a-key-of-the-benchmark")
              .put("coincap.assets", plan.symbolNames());
    }
    config.put("topic", name);
    config.put("gaps.topic", name + "-gaps");
    config.put("topic.creation.gaps.include", name + "-gaps");
    changes.forEach(config::put);
    return connector.toString();
  }

  Map<String, Object> line(int round, String contender) {
    return BenchReport.line(
        "round",
        round,
        "contender",
        contender,
        "ticks/s",
        perSecond,
        "CPU s per million",
        cpuMicros,
        "ticks",
        ticks);
  }
}
