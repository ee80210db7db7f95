package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.ConnectSetup;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.component.KafkaBroker;
import io.marketstream.local.maven.ComponentClasspath;
import io.marketstream.local.maven.MavenComponents;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.RealComponents;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One run from the flood to a topic of its own.
 *
 * @param trades that arrived, which are all that were sent
 * @param perSecond trades, from the first frame until the broker has the last record
 * @param cpuMicros processor time of the copying process per trade, from the connection on
 * @param peakBytes of RAM that the worker held; 0 where that was not looked at
 */
record CopyRun(long trades, double perSecond, double cpuMicros, long peakBytes) {
  private static final int PARTITIONS = 6;
  private static final int HEAP_MB = 512;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Pattern RESULT = Pattern.compile("trades=\\d+ cpu_ms=(\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  static CopyRun ofBareLoop(Path home, KafkaBroker kafka, Flood flood, String topic)
      throws Exception {
    createTopic(kafka, topic);
    Path log = home.resolve("logs").resolve(topic + ".log");
    Process process =
        new ProcessBuilder(bareLoop(home, kafka, flood, topic))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      double perSecond = awaitRecords(kafka, topic, flood);
      assertThat(process.waitFor()).as("exit code; log %s", log).isZero();
      Matcher result = RESULT.matcher(Files.readString(log));
      assertThat(result.find()).as("a result in %s", log).isTrue();
      return new CopyRun(
          flood.trades(), perSecond, Long.parseLong(result.group(1)) * 1000.0 / flood.trades(), 0);
    } finally {
      process.destroyForcibly();
      deleteTopic(kafka, topic);
    }
  }

  private static List<String> bareLoop(Path home, KafkaBroker kafka, Flood flood, String topic)
      throws IOException {
    String connect =
        ComponentClasspath.read(
                RealComponents.ROOT.resolve(
                    "local-pipeline/classpaths/connect/target/classpath.txt"))
            .jars()
            .stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + HEAP_MB + "m");
    command.addAll(ComponentJvm.options());
    command.addAll(
        List.of(
            "-cp",
            BuiltModule.jar("benchmarks/contenders")
                + File.pathSeparator
                + libraries(home)
                + File.pathSeparator
                + connect,
            "io.marketstream.benchmarks.contender.BareLoop",
            "--url",
            flood.url(),
            "--bootstrap-servers",
            kafka.bootstrapServers(),
            "--topic",
            topic,
            "--symbols",
            "" + flood.symbols(),
            "--trades",
            "" + flood.trades()));
    return command;
  }

  /** OkHttp and Jackson, as the plugin brings them. */
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
        PluginArchives.unpack(PluginArchives.find(RealComponents.ROOT, feed), plugins);
      }
    }
    return plugins;
  }

  /** A started worker with the shipped configuration and both plugins. */
  static ConnectWorker worker(Path home, KafkaBroker kafka, String name, int heapMb)
      throws IOException {
    ConnectWorker worker =
        new MavenComponents(RealComponents.ROOT)
            .connect(
                ComponentSettings.in(home, name, FreePorts.next(), heapMb)
                    .withJvmOptions(ComponentJvm.options()),
                ConnectSetup.distributed(
                    RealComponents.ROOT.resolve("connect-configs/connect-distributed.properties"),
                    kafka.bootstrapServers(),
                    plugins(home)));
    worker.start();
    return worker;
  }

  /**
   * On a worker of its own, with the shipped configurations of worker and connector.
   *
   * @param changes settings of the connector that differ
   */
  static CopyRun ofConnector(
      Path home, KafkaBroker kafka, Flood flood, String topic, Map<String, String> changes)
      throws Exception {
    return ofConnector(home, kafka, flood, topic, changes, HEAP_MB);
  }

  /** As {@link #ofConnector(Path, KafkaBroker, Flood, String, Map)}, with another heap. */
  static CopyRun ofConnector(
      Path home,
      KafkaBroker kafka,
      Flood flood,
      String topic,
      Map<String, String> changes,
      int heapMb)
      throws Exception {
    createTopic(kafka, topic);
    ConnectWorker worker = worker(home, kafka, topic, heapMb);
    try {
      Duration before = BenchStores.processorTime(worker);
      worker.rest().create(connector(flood, topic, changes));
      double perSecond = awaitRecords(kafka, topic, flood);
      Duration used = BenchStores.processorTime(worker).minus(before);
      long peak = BenchStores.peakMemory(worker);
      assertComplete(kafka, topic, flood);
      return new CopyRun(flood.trades(), perSecond, used.toNanos() / 1000.0 / flood.trades(), peak);
    } finally {
      worker.stop();
      BenchStores.delete(home.resolve(topic));
      deleteTopic(kafka, topic);
    }
  }

  /** A file of connect-configs/, under a name of its own. */
  static ObjectNode shipped(String file, String name) throws IOException {
    ObjectNode connector =
        (ObjectNode)
            JSON.readTree(RealComponents.ROOT.resolve("connect-configs").resolve(file).toFile());
    connector.put("name", name);
    return connector;
  }

  private static String connector(Flood flood, String topic, Map<String, String> changes)
      throws IOException {
    ObjectNode connector = shipped("finnhub-source.json", topic);
    ObjectNode config = (ObjectNode) connector.get("config");
    config.put("finnhub.websocket.url", flood.url());
    config.put("finnhub.token", "a-token-of-the-benchmark");
    config.put("finnhub.symbols", flood.symbolNames());
    config.put("finnhub.subscribe.interval.ms", "1");
    config.put("topic", topic);
    changes.forEach(config::put);
    return connector.toString();
  }

  private static void createTopic(KafkaBroker kafka, String topic) throws Exception {
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())))
          .all()
          .get();
    }
  }

  private static void deleteTopic(KafkaBroker kafka, String topic) throws Exception {
    try (Admin admin = kafka.admin()) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }

  private static List<TopicPartition> partitions(String topic) {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }

  /** Trades per second until the broker has all of them. */
  private static double awaitRecords(KafkaBroker kafka, String topic, Flood flood) {
    try (Admin admin = kafka.admin()) {
      Map<TopicPartition, OffsetSpec> ends =
          partitions(topic).stream()
              .collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest()));
      await("all records in " + topic)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () ->
                  admin.listOffsets(ends).all().get().values().stream()
                      .mapToLong(end -> end.offset())
                      .sum(),
              records -> records >= flood.trades());
      return flood.trades() * 1000.0 / (System.currentTimeMillis() - flood.startedAt());
    }
  }

  /** Every tick once, numbered from 0 without a hole, under its symbol. */
  private static void assertComplete(KafkaBroker kafka, String topic, Flood flood)
      throws IOException {
    Map<String, BitSet> sequences = new HashMap<>();
    long records = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions(topic));
      long end =
          consumer.endOffsets(partitions(topic)).values().stream()
              .mapToLong(offset -> offset)
              .sum();
      while (records < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(20))) {
          JsonNode tick = JSON.readTree(record.value());
          String symbol = tick.get("symbol").asText();
          assertThat(record.key()).asString().isEqualTo(symbol);
          sequences
              .computeIfAbsent(symbol, unseen -> new BitSet())
              .set(tick.get("sequence").asInt());
          records++;
        }
      }
    }
    assertThat(records).as("records, each tick once").isEqualTo(flood.trades());
    assertThat(sequences).hasSize(flood.symbols());
    assertThat(sequences.values().stream().mapToLong(BitSet::cardinality).sum())
        .as("ticks of their own")
        .isEqualTo(flood.trades());
    assertThat(sequences.values())
        .allSatisfy(numbers -> assertThat(numbers.length()).isEqualTo(numbers.cardinality()));
  }

  Map<String, Object> line(int round, String contender) {
    return BenchReport.line(
        "round",
        round,
        "contender",
        contender,
        "trades/s",
        perSecond,
        "CPU s per million",
        cpuMicros,
        "trades",
        trades);
  }
}
