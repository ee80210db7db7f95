package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apicurio.registry.utils.converter.AvroConverter;
import io.apicurio.registry.utils.converter.ExtJsonConverter;
import io.marketstream.embedded.component.ConnectRelease;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TickContent;
import io.marketstream.pipeline.TopicContents;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericArray;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connectors with the converters of a schema registry: a real registry, a real worker, and readers
 * that know only the registry or only the files in schemas/.
 */
@Tag("connect")
@Tag("extended")
class SchemaRegistryIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NOON = 1_700_000_000_123L;

  private static final Set<String> SYMBOLS = Set.of("AAPL", "BINANCE:BTCUSDT");
  private static final List<SimTrade> TRADES =
      List.of(
          SimTrade.of("AAPL", "164.0601", "5", NOON, "1", "12"),
          SimTrade.of("AAPL", "164.060", "0", NOON + 1),
          SimTrade.withNullConditions(
              "BINANCE:BTCUSDT", "66972.770000000000000000001", "0.00008", NOON - 5));

  @TempDir static Path home;
  private static SchemaRegistry registry;
  private static TestStack stack;

  private final FinnhubSimulator feed = FinnhubSimulator.builder().start();
  private TestConnector connector;

  @BeforeAll
  static void startRegistryAndWorker() {
    assumeThat(TestStack.CONNECT_RELEASE)
        .as("the registry runs for the newest worker alone")
        .isEqualTo(ConnectRelease.NEWEST);
    registry = new SchemaRegistry(home);
    stack =
        SharedCluster.stack(home)
            .worker("plugin.path", home.resolve("plugins") + "," + SchemaRegistry.plugins())
            // The converters have no service files, see docs/schemas.md.
            .worker("plugin.discovery", "hybrid_warn")
            .start();
  }

  @AfterAll
  static void stopRegistryAndWorker() {
    if (stack != null) {
      stack.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  @AfterEach
  void deleteConnector() {
    if (connector != null) {
      connector.close();
    }
    feed.close();
  }

  private void start(String valueConverter) throws Exception {
    connector =
        TestConnector.finnhub(stack, feed, SYMBOLS.toArray(String[]::new))
            .with("connect.timeout.ms", "30000");
    configure("value.converter", valueConverter, registry.url());
    connector.put();
    feed.awaitSubscribed(SYMBOLS, TIMEOUT);
    connector.awaitRunning();
  }

  /** The settings of docs/schemas.md. */
  private void configure(String which, String converter, String url) {
    connector.with(which, converter);
    connector.with(which + ".apicurio.registry.url", url);
    connector.with(which + ".apicurio.registry.auto-register", "true");
  }

  /** Sends ticks of every form, a reject, and an outage, after which come gaps. */
  private void sendAllKinds() throws Exception {
    feed.send(TRADES);
    feed.sendRaw("{\"data\":[{\"s\":7}],\"type\":\"trade\"}");
    connector.awaitMetric("rejects-total", 1);
    feed.faults().drop();
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() > 1);
    feed.awaitSubscribed(SYMBOLS, TIMEOUT);
    feed.send(List.of(SimTrade.of("AAPL", "164.07", "1", NOON + 2, "1")));
  }

  private List<ConsumerRecord<byte[], byte[]>> awaitRecords(String kind, int atLeast) {
    String topic = connector.topic(kind);
    await(atLeast + " records in " + topic)
        .atMost(TIMEOUT)
        .until(
            () -> {
              feed.sendPing();
              return TopicContents.bytes(stack.kafka, topic).size() >= atLeast;
            });
    return TopicContents.bytes(stack.kafka, topic);
  }

  private List<TickContent> sent() {
    return feed.sent().stream().map(tick -> TickContent.of(tick, connector.source)).toList();
  }

  private static Schema published(String record) throws IOException {
    return new Schema.Parser().parse(file(record, ".avsc"));
  }

  /** Returns the newest version of a file in schemas/. */
  private static String file(String record, String ending) throws IOException {
    Pattern name = Pattern.compile(record + "\\.v(\\d+)" + Pattern.quote(ending));
    try (Stream<Path> files = Files.list(TestStack.ROOT.resolve("schemas"))) {
      Path newest =
          files
              .filter(file -> name.matcher(file.getFileName().toString()).matches())
              .max(Comparator.comparingInt(file -> version(name, file)))
              .orElseThrow();
      return Files.readString(newest);
    }
  }

  private static int version(Pattern name, Path file) {
    Matcher matcher = name.matcher(file.getFileName().toString());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Returns the id that a header of the record has for its key or value. */
  private static long schemaId(ConsumerRecord<?, ?> record, String part) {
    Header id = record.headers().lastHeader("apicurio." + part + ".globalId");
    assertThat(id).as("headers: %s", record.headers()).isNotNull();
    return ByteBuffer.wrap(id.value()).getLong();
  }

  /** Returns the schema that the record names in the registry. */
  private static Schema writer(ConsumerRecord<?, ?> record, String part) {
    return new Schema.Parser().parse(registry.schema(schemaId(record, part)));
  }

  private static Object read(Schema writer, Schema reader, byte[] bytes) throws IOException {
    return new GenericDatumReader<>(writer, reader)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static GenericRecord readValue(ConsumerRecord<byte[], byte[]> record, Schema reader)
      throws IOException {
    return (GenericRecord) read(writer(record, "value"), reader, record.value());
  }

  @Test
  void avroRecordsHoldWhatTheFeedSent() throws Exception {
    start("io.apicurio.registry.utils.converter.AvroConverter");
    sendAllKinds();

    List<ConsumerRecord<byte[], byte[]>> ticks = awaitRecords("ticks", TRADES.size() + 1);
    try (AvroConverter<?> converter = new AvroConverter<>()) {
      converter.configure(Map.of("apicurio.registry.url", registry.url()), false);
      assertThat(ticks).extracting(tick -> content(converter, tick)).isEqualTo(sent());
    }
    Schema file = published("MarketTick");
    for (ConsumerRecord<byte[], byte[]> tick : ticks) {
      assertThat(writer(tick, "value")).isEqualTo(file);
    }
    assertThat(ticks).extracting(tick -> content(readValue(tick, file))).isEqualTo(sent());
  }

  @Test
  void everyRecordIsReadableWithItsPublishedFile() throws Exception {
    start("io.apicurio.registry.utils.converter.AvroConverter");
    configure(
        "key.converter", "io.apicurio.registry.utils.converter.AvroConverter", registry.url());
    connector.put();
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() > 1);
    feed.awaitSubscribed(SYMBOLS, TIMEOUT);
    sendAllKinds();

    for (Map.Entry<String, String> kind :
        Map.of(
                "ticks", "MarketTick",
                "gaps", "FeedGap",
                "rejected", "RejectedInput",
                "heartbeats", "Heartbeat")
            .entrySet()) {
      Schema file = published(kind.getValue());
      List<ConsumerRecord<byte[], byte[]>> records = awaitRecords(kind.getKey(), 1);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        assertThat(writer(record, "value")).isEqualTo(file);
        GenericRecord read = readValue(record, file);
        assertThat(read.get("source")).hasToString("finnhub-sim");
      }
      ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
      assertThat(writer(last, "key")).isEqualTo(published("RecordKey"));
      String keyField = file.getField("symbol") == null ? "source" : "symbol";
      assertThat(read(writer(last, "key"), published("RecordKey"), last.key()).toString())
          .isEqualTo(readValue(last, file).get(keyField).toString());
    }
  }

  /** Its envelope has the id of the schema instead of the schema. */
  @Test
  void jsonConverterOfTheRegistryWritesAPayload() throws Exception {
    start("io.apicurio.registry.utils.converter.ExtJsonConverter");
    sendAllKinds();

    List<ConsumerRecord<byte[], byte[]>> ticks = awaitRecords("ticks", TRADES.size() + 1);
    for (ConsumerRecord<byte[], byte[]> tick : ticks) {
      JsonNode value = JSON.readTree(tick.value());
      assertThat(value.properties())
          .extracting(Map.Entry::getKey)
          .containsExactlyInAnyOrder("schemaId", "payload");
      assertThat(JSON.readTree(registry.schema(value.get("schemaId").asLong())))
          .isEqualTo(JSON.readTree(file("MarketTick", ".connect.json")));
    }
    assertThat(ticks)
        .extracting(
            tick -> TickContent.of(StoredTick.of(JSON.readTree(tick.value()).get("payload"))))
        .isEqualTo(sent());
    ExtJsonConverter converter = new ExtJsonConverter();
    converter.configure(new HashMap<>(Map.of("apicurio.registry.url", registry.url())), false);
    assertThat(ticks).extracting(tick -> content(converter, tick)).isEqualTo(sent());
    converter.close();
  }

  @Test
  void filesThatAnOperatorRegisteredAreUsed() throws Exception {
    connector = TestConnector.finnhub(stack, feed, "AAPL");
    configure(
        "value.converter", "io.apicurio.registry.utils.converter.AvroConverter", registry.url());
    connector.config.remove("value.converter.apicurio.registry.auto-register");
    long id = registry.register(connector.topic("ticks") + "-value", file("MarketTick", ".avsc"));
    registry.register(connector.topic("heartbeats") + "-value", file("Heartbeat", ".avsc"));
    connector.put();
    feed.awaitSubscribed(List.of("AAPL"), TIMEOUT);
    connector.awaitRunning();
    feed.send(List.of(SimTrade.of("AAPL", "164.0601", "5", NOON, "1", "12")));

    ConsumerRecord<byte[], byte[]> tick = awaitRecords("ticks", 1).get(0);
    assertThat(schemaId(tick, "value")).isEqualTo(id);
    assertThat(content(readValue(tick, published("MarketTick")))).isEqualTo(sent().get(0));
  }

  @Test
  void registryThatCannotBeReachedFailsTheTask() throws Exception {
    connector = TestConnector.finnhub(stack, feed, "AAPL");
    configure(
        "value.converter",
        "io.apicurio.registry.utils.converter.AvroConverter",
        "http://127.0.0.1:" + FreePorts.next() + "/apis/registry/v2");
    connector.put();

    assertThat(connector.awaitTask("FAILED").trace()).contains("io.apicurio.registry.rest.client");
  }

  private static TickContent content(Converter converter, ConsumerRecord<byte[], byte[]> record) {
    Struct tick =
        (Struct) converter.toConnectData(record.topic(), record.headers(), record.value()).value();
    String volume = tick.getString("volume");
    List<String> conditions = tick.getArray("conditions");
    return new TickContent(
        tick.getString("source"),
        tick.getString("symbol"),
        tick.getInt64("sequence"),
        tick.getString("kind"),
        new BigDecimal(tick.getString("price")),
        volume == null ? null : new BigDecimal(volume),
        conditions == null ? List.of() : conditions,
        millis(tick, "event_time"));
  }

  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  private static long millis(Struct record, String field) {
    return ((Date) record.get(field)).getTime();
  }

  private static TickContent content(GenericRecord tick) {
    Object volume = tick.get("volume");
    GenericArray<?> conditions = (GenericArray<?>) tick.get("conditions");
    return new TickContent(
        tick.get("source").toString(),
        tick.get("symbol").toString(),
        (Long) tick.get("sequence"),
        tick.get("kind").toString(),
        new BigDecimal(tick.get("price").toString()),
        volume == null ? null : new BigDecimal(volume.toString()),
        conditions == null ? List.of() : conditions.stream().map(Object::toString).toList(),
        (Long) tick.get("event_time"));
  }
}
