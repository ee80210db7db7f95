package io.marketstream.pipeline.connect;

import static io.marketstream.pipeline.connect.TestConnector.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TickContent;
import io.marketstream.pipeline.TopicContents;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.market.SimTrade;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The records in the topics, for a reader that knows Kafka and Connect but not our code: with and
 * without schemas, and after Connect's transformations.
 */
@Tag("connect")
@ExtendWith(SharedCluster.class)
@Execution(ExecutionMode.CONCURRENT)
class RecordFormatIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NOON = 1_700_000_000_123L;
  private static final Set<String> SYMBOLS = Set.of("AAPL", "BINANCE:BTCUSDT", "IC MARKETS:1");

  /**
   * Trades in every form that the feed sends, two identical ones, and more digits than a double
   * has.
   */
  private static final List<SimTrade> TRADES =
      List.of(
          SimTrade.of("AAPL", "164.0601", "5", NOON, "1", "12"),
          SimTrade.of("AAPL", "164.0601", "5", NOON, "1", "12"),
          SimTrade.of("AAPL", "164.060", "0", NOON + 1),
          SimTrade.withNullConditions(
              "BINANCE:BTCUSDT", "66972.770000000000000000001", "0.00008", NOON - 5),
          SimTrade.withoutConditions("IC MARKETS:1", "1e-7", "1000000", NOON));

  private static final String BROKEN_TRADE = "{\"data\":[{\"s\":7}],\"type\":\"trade\"}";

  private final TestStack stack;
  private final FinnhubSimulator feed = FinnhubSimulator.builder().start();
  private final TestConnector connector;
  private int transforms;
  private int predicates;

  RecordFormatIT(TestStack stack) {
    this.stack = stack;
    connector =
        TestConnector.finnhub(stack, feed, SYMBOLS.toArray(String[]::new))
            // If an attempt timed out on a busy machine, there would be one more gap.
            .with("connect.timeout.ms", "30000");
  }

  @AfterEach
  void deleteConnector() {
    connector.close();
    feed.close();
  }

  @Test
  void aReaderThatKnowsOnlyTheSchemaRebuildsEveryRecord() throws Exception {
    connector.with("value.converter.schemas.enable", "true");
    sendAllKinds();

    List<ConsumerRecord<String, String>> ticks = records("ticks", TRADES.size() + 1);
    assertThat(ticks).extracting(record -> rebuilt(read(record))).isEqualTo(sent());
    for (ConsumerRecord<String, String> record : ticks) {
      Struct tick = read(record);
      assertThat(described(tick.schema()))
          .isEqualTo(
              "io.marketstream.MarketTick v2: source STRING, kind STRING, symbol STRING,"
                  + " price STRING, volume STRING?, conditions ARRAY?, event_time Timestamp,"
                  + " received_at Timestamp, session INT64, sequence INT64,"
                  + " trade_id STRING?, side STRING?, origin STRING?");
      assertThat(tick.getString("price")).matches("[0-9]+(\\.[0-9]+)?");
      assertThat(record.key()).isEqualTo(tick.getString("symbol"));
      assertThat(record.timestamp()).isEqualTo(millis(tick, "received_at"));
    }

    List<ConsumerRecord<String, String>> gaps = records("gaps", 2 * SYMBOLS.size());
    for (ConsumerRecord<String, String> record : gaps) {
      Struct gap = read(record);
      assertThat(described(gap.schema()))
          .isEqualTo(
              "io.marketstream.FeedGap v2: source STRING, symbol STRING, cause STRING,"
                  + " gap_start Timestamp, gap_end Timestamp?, session_before INT64,"
                  + " session_after INT64?, first_missing INT64, dropped INT64?, detail STRING,"
                  + " first_missing_id STRING?, last_missing_id STRING?, repaired_at Timestamp?");
      boolean open = gap.get("gap_end") == null;
      assertThat(record.key()).isEqualTo(gap.getString("symbol"));
      assertThat(record.timestamp())
          .as("the time at which the gap was noticed")
          .isBetween(millis(gap, open ? "gap_start" : "gap_end"), System.currentTimeMillis());
      assertThat(gap.getString("cause")).isEqualTo("CONNECTION_LOST");
      assertThat(gap.getInt64("first_missing"))
          .isEqualTo(
              TRADES.stream()
                  .filter(trade -> trade.symbol().equals(gap.getString("symbol")))
                  .count());
      assertThat(gap.get("session_after") == null).isEqualTo(open);
    }
    assertThat(gaps.stream().map(record -> read(record).get("gap_end") == null))
        .containsExactly(true, true, true, false, false, false);

    ConsumerRecord<String, String> record = records("rejected", 1).get(0);
    Struct reject = read(record);
    assertThat(described(reject.schema()))
        .isEqualTo(
            "io.marketstream.RejectedInput v1: source STRING, reason STRING, detail STRING,"
                + " input STRING, received_at Timestamp, session INT64?, origin STRING?");
    assertThat(record.key()).isEqualTo("finnhub-sim");
    assertThat(record.timestamp()).isEqualTo(millis(reject, "received_at"));
    assertThat(reject.getString("input")).contains("\"s\":7");
    assertThat(reject.getInt64("session")).isEqualTo(read(ticks.get(0)).getInt64("session"));
  }

  @Test
  void withoutSchemasTheRecordsAreFlatJson() throws Exception {
    sendAllKinds();

    ConsumerRecord<String, String> record = records("ticks", TRADES.size() + 1).get(2);
    assertThat(record.key()).isEqualTo("AAPL");
    ObjectNode expected =
        JSON.createObjectNode()
            .put("source", "finnhub-sim")
            .put("kind", "price")
            .put("symbol", "AAPL")
            .put("price", "164.060")
            .put("volume", "0");
    expected.putArray("conditions");
    expected.put("event_time", NOON + 1).put("received_at", record.timestamp());
    expected.put("session", value(record).get("session").asLong()).put("sequence", 2L);
    expected.putNull("trade_id").putNull("side").putNull("origin");
    assertThat(value(record).toString()).isEqualTo(expected.toString());
    assertThat(connector.ticks()).extracting(RecordFormatIT::content).isEqualTo(sent());

    assertThat(fields("gaps"))
        .isEqualTo(
            "source,symbol,cause,gap_start,gap_end,session_before,session_after,first_missing,"
                + "dropped,detail,first_missing_id,last_missing_id,repaired_at");
    assertThat(fields("rejected"))
        .isEqualTo("source,reason,detail,input,received_at,session,origin");
    connector.awaitExplained();
  }

  @Test
  void castTurnsPricesIntoNumbersAndLosesDigits() throws Exception {
    transform("Cast$Value", Map.of("spec", "price:float64,volume:float64"));
    sendAllKinds();

    List<ConsumerRecord<String, String>> ticks = records("ticks", TRADES.size() + 1);
    assertThat(ticks)
        .extracting(record -> value(record).get("price").doubleValue())
        .startsWith(164.0601, 164.0601, 164.06, 66972.77, 1e-7);
    assertThat(ticks)
        .extracting(record -> value(record).get("volume").doubleValue())
        .startsWith(5.0, 5.0, 0.0, 0.00008, 1e6);
    assertThat(ticks).allMatch(record -> value(record).get("price").isDouble());
    assertThat(ticks).allMatch(record -> value(record).get("sequence").isIntegralNumber());
    records("rejected", 1);
    connector.awaitRunning();
  }

  @Test
  void timestampConverterWritesTimesAsReadersWantThem() throws Exception {
    transform(
        "TimestampConverter$Value",
        Map.of(
            "field",
            "event_time",
            "target.type",
            "string",
            "format",
            "yyyy-MM-dd'T'HH:mm:ss.SSSX"));
    transform(
        "TimestampConverter$Value",
        Map.of("field", "received_at", "target.type", "unix", "unix.precision", "seconds"));
    sendAllKinds();

    List<ConsumerRecord<String, String>> ticks = records("ticks", TRADES.size() + 1);
    assertThat(ticks)
        .extracting(record -> Instant.parse(value(record).get("event_time").textValue()))
        .isEqualTo(sent().stream().map(tick -> Instant.ofEpochMilli(tick.eventTime())).toList());
    assertThat(ticks).allMatch(RecordFormatIT::isReceivedInThatSecond);
    assertThat(records("rejected", 1)).allMatch(RecordFormatIT::isReceivedInThatSecond);
    assertThat(connector.gaps()).hasSize(3).allMatch(GapRow::isClosed);
  }

  private static boolean isReceivedInThatSecond(ConsumerRecord<String, String> record) {
    return value(record).get("received_at").asLong() == record.timestamp() / 1000;
  }

  @Test
  void extractFieldLeavesOneFieldOfTheTopicThatHasIt() throws Exception {
    String ticks = topicIs("ticks");
    String gaps = topicIs("gaps");
    transform("ExtractField$Value", Map.of("field", "price", "predicate", ticks));
    transform("ExtractField$Value", Map.of("field", "gap_end", "predicate", gaps));
    transform("Filter", Map.of("predicate", predicate("RecordIsTombstone", Map.of())));
    sendAllKinds();

    assertThat(records("ticks", TRADES.size() + 1))
        .extracting(record -> record.key() + " " + record.value())
        .startsWith(
            "AAPL \"164.0601\"",
            "AAPL \"164.0601\"",
            "AAPL \"164.060\"",
            "BINANCE:BTCUSDT \"66972.770000000000000000001\"",
            "IC MARKETS:1 \"0.0000001\"");
    assertThat(records("gaps", SYMBOLS.size()))
        .as("an open gap has no end: it has become a tombstone, and those are dropped")
        .hasSize(SYMBOLS.size())
        .allMatch(record -> Long.parseLong(record.value()) <= record.timestamp());
    assertThat(value(records("rejected", 1).get(0)).get("reason").textValue())
        .isEqualTo("WRONG_TYPE");
  }

  @Test
  void regexRouterRenamesTheTopicAndKeepsOffsets() throws Exception {
    transform(
        "RegexRouter",
        Map.of(
            "regex", "(.*)-ticks", "replacement", "us.$1.trades", "predicate", topicIs("ticks")));
    start();
    feed.send(TRADES);
    List<ConsumerRecord<String, String>> trades =
        recordsOf("us." + connector.name + ".trades", TRADES.size());
    assertThat(trades).extracting(record -> content(value(record))).isEqualTo(sent());
    assertThat(connector.ticks()).isEmpty();
    assertThat(TopicContents.topics(stack.kafka)).doesNotContain(connector.topic("ticks"));
    long session = value(trades.get(0)).get("session").asLong();
    for (String symbol : SYMBOLS) {
      connector.awaitStored(symbol, session);
    }

    connector.restart();
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() > 1);
    feed.awaitSubscribed(SYMBOLS, TIMEOUT);

    assertThat(connector.awaitClosed("TASK_RESTART", SYMBOLS.size()))
        .allMatch(gap -> gap.sessionBefore() == session)
        .extracting(gap -> gap.symbol() + " " + gap.firstMissing())
        .containsExactlyInAnyOrder("AAPL 3", "BINANCE:BTCUSDT 1", "IC MARKETS:1 1");
  }

  @Test
  void filteredRecordsDoNotHoldOffsetsBack() throws Exception {
    transform("Filter", Map.of("predicate", topicIs("rejected")));
    transform(
        "InsertHeader",
        Map.of("header", "gap", "value.literal", "true", "predicate", topicIs("gaps")));
    transform("Filter", Map.of("predicate", predicate("HasHeaderKey", Map.of("name", "gap"))));
    sendAllKinds();
    connector.awaitTicks(TRADES.size() + 1);
    long session = connector.newestSession();
    feed.sendRaw(BROKEN_TRADE);
    connector.awaitMetric("rejects-total", 2);
    long rejected = System.currentTimeMillis();

    feed.send(TRADES);
    connector.awaitTicks(2 * TRADES.size() + 1);

    assertThat(connector.gapRecords()).isEmpty();
    assertThat(connector.rejects()).isEmpty();
    for (String symbol : SYMBOLS) {
      await("offset of " + symbol + " to pass what was dropped")
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                JsonNode offset = storedOffset(symbol);
                assertThat(offset.path("session").asLong()).isEqualTo(session);
                assertThat(offset.has("gap_start")).isFalse();
                assertThat(offset.path("safe_until").asLong()).isGreaterThanOrEqualTo(rejected);
              });
    }
  }

  private JsonNode storedOffset(String symbol) {
    for (JsonNode entry : connector.offsets()) {
      if (entry.at("/partition/symbol").asText().equals(symbol)) {
        return entry.get("offset");
      }
    }
    return JSON.createObjectNode();
  }

  private void start() throws Exception {
    connector.put();
    feed.awaitSubscribed(SYMBOLS, TIMEOUT);
    connector.awaitRunning();
  }

  /** Sends ticks of every form, a reject, and after an outage of all symbols one more tick. */
  private void sendAllKinds() throws Exception {
    start();
    feed.send(TRADES);
    feed.sendRaw(BROKEN_TRADE);
    connector.awaitMetric("rejects-total", 1);
    feed.faults().drop();
    await().atMost(TIMEOUT).until(() -> feed.connectionCount() > 1);
    feed.awaitSubscribed(SYMBOLS, TIMEOUT);
    feed.send(List.of(SimTrade.of("AAPL", "164.07", "1", NOON + 2, "1")));
  }

  private static TickContent content(JsonNode tick) {
    return TickContent.of(StoredTick.of(tick));
  }

  private List<TickContent> sent() {
    List<SentTick> sent = feed.sent();
    return sent.stream().map(tick -> TickContent.of(tick, connector.source)).toList();
  }

  private void transform(String type, Map<String, String> settings) {
    String name = "t" + ++transforms;
    connector.with("transforms", names("t", transforms));
    connector.with("transforms." + name + ".type", "org.apache.kafka.connect.transforms." + type);
    settings.forEach((key, value) -> connector.with("transforms." + name + "." + key, value));
  }

  private String predicate(String type, Map<String, String> settings) {
    String name = "p" + ++predicates;
    connector.with("predicates", names("p", predicates));
    connector.with(
        "predicates." + name + ".type", "org.apache.kafka.connect.transforms.predicates." + type);
    settings.forEach((key, value) -> connector.with("predicates." + name + "." + key, value));
    return name;
  }

  private String topicIs(String kind) {
    return predicate("TopicNameMatches", Map.of("pattern", connector.topic(kind)));
  }

  private static String names(String prefix, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> prefix + i)
        .collect(Collectors.joining(","));
  }

  private List<ConsumerRecord<String, String>> records(String kind, int atLeast) {
    return recordsOf(connector.topic(kind), atLeast);
  }

  /** Pings meanwhile, because the first frame after subscribing ends the outage. */
  private List<ConsumerRecord<String, String>> recordsOf(String topic, int atLeast) {
    await(atLeast + " records in " + topic)
        .atMost(TIMEOUT)
        .until(
            () -> {
              feed.sendPing();
              return TopicContents.records(stack.kafka, topic).size() >= atLeast;
            });
    return TopicContents.records(stack.kafka, topic);
  }

  private String fields(String kind) {
    Set<String> distinct = new TreeSet<>();
    records(kind, 1).forEach(record -> distinct.add(String.join(",", fieldNames(value(record)))));
    assertThat(distinct).hasSize(1);
    return distinct.iterator().next();
  }

  private static List<String> fieldNames(JsonNode value) {
    return value.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static JsonNode value(ConsumerRecord<String, String> record) {
    try {
      return JSON.readTree(record.value());
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + record.value(), e);
    }
  }

  private static Struct read(ConsumerRecord<String, String> record) {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "true"), false);
      SchemaAndValue read =
          converter.toConnectData(record.topic(), record.value().getBytes(StandardCharsets.UTF_8));
      return (Struct) read.value();
    }
  }

  private static String described(Schema schema) {
    return schema.name()
        + " v"
        + schema.version()
        + ": "
        + schema.fields().stream()
            .map(field -> field.name() + " " + described(field.schema(), field.schema().name()))
            .collect(Collectors.joining(", "));
  }

  private static String described(Schema type, String logicalName) {
    String name = Timestamp.LOGICAL_NAME.equals(logicalName) ? "Timestamp" : type.type().name();
    return type.isOptional() ? name + "?" : name;
  }

  private static TickContent rebuilt(Struct tick) {
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
}
