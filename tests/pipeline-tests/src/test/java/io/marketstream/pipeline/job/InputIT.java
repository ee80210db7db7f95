package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TopicContents;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job reads one topic with many difficult cases, and then reads it again. The test compares the
 * content of the tables and of the rejected topic.
 */
@Tag("job")
@ExtendWith(SharedStores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InputIT {
  private static final Logger LOG = LoggerFactory.getLogger(InputIT.class);

  private static final long SEED = Long.getLong("marketstream.seed", 20261125L);
  private static final long T = 1_767_261_600_000L; // 2026-01-01T10:00:00Z
  private static final long SESSION = T - 60_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A value of AvroConverter with schema id 1. */
  private static final byte[] FRAMED = {0, 0, 0, 0, 1, 14, 'f', 'i', 'n', 'n', 'h', 'u', 'b', -1};

  private final Set<StoredTick> ticks = new HashSet<>();
  private final List<TopicRecord> records = new ArrayList<>();
  private final List<TopicRecord> gaps = new ArrayList<>();
  private final Map<String, String> reasonByOrigin = new LinkedHashMap<>();
  private final Map<String, String> sourceByOrigin = new HashMap<>();
  private JobTopics topics;
  private JobRun job;
  private CqlSession cassandra;
  private TestStack stores;

  @BeforeAll
  void runTheJobOverTheTopicTwice(TestStack shared) {
    LOG.info("Seed {}", SEED);
    stores = shared;
    topics = JobTopics.unique("input");
    stores.createTopic(topics.ticks(), 1);
    stores.createTopic(topics.gaps(), 1);
    cassandra = stores.session();
    exactDecimals();
    oneMillisecondOfTwoSessions();
    tradesOfAVenue();
    badRecords();
    TopicRecord.publish(stores.kafka, records);
    TopicRecord.publish(stores.kafka, gaps);
    // From an exactly-once worker that was killed. No table may have it.
    TopicRecord.publishAndAbort(
        stores.kafka, List.of(record(StoredTick.trade("ABORTED", SESSION, 0, "1", T))));
    job = new JobRun(stores, topics, stores.newKeyspace("input"));
    job.runOnce();
  }

  @AfterAll
  void stop() {
    job.close();
    cassandra.close();
  }

  private void exactDecimals() {
    for (String price :
        List.of(
            "123456789012345.678901234567890", // 30 significant digits
            "0.000000000000000001",
            "164.0600", // the text includes the scale
            "1234567890123456789012345678901234567890")) {
      tick(trade("EXACT", price).withVolume("1000000000000"));
      tick(trade("EXACT", price).withVolume("0.000000000000000001"));
    }
  }

  private StoredTick trade(String symbol, String price) {
    long sequence = ticks.stream().filter(tick -> tick.symbol().equals(symbol)).count();
    return StoredTick.trade(symbol, SESSION, sequence, price, T + sequence);
  }

  /**
   * Returns thousands of ticks of one millisecond, from two sessions, and late ticks of old
   * sessions.
   */
  private void oneMillisecondOfTwoSessions() {
    Random random = new Random(SEED);
    List<StoredTick> crowd = new ArrayList<>();
    for (long session : List.of(SESSION, SESSION + 30_000)) {
      for (int sequence = 0; sequence < 2500; sequence++) {
        // Price and volume have the same number, so a row that mixes two ticks would be noticed.
        crowd.add(
            StoredTick.trade("CROWD", session, sequence, price(session, sequence), T)
                .withVolume(price(session, sequence)));
      }
    }
    // The ticks of a session keep their order, and the sessions mix at random.
    List<StoredTick> first = new ArrayList<>(crowd.subList(0, 2500));
    List<StoredTick> second = new ArrayList<>(crowd.subList(2500, 5000));
    while (!first.isEmpty() || !second.isEmpty()) {
      boolean fromFirst = second.isEmpty() || (!first.isEmpty() && random.nextInt(3) == 0);
      tick((fromFirst ? first : second).remove(0));
    }
    // Late: newer in the topic and older in time, so it must not win.
    tick(StoredTick.trade("CROWD", SESSION + 30_000, 2500, "1", T - 1).withVolume("1"));
    // A producer's repetition of an old tick at the very end.
    records.add(record(crowd.get(7)));
  }

  /** Trades 101 to 106 of one minute: 103 and 104 come by repair, and 102 both ways. */
  private void tradesOfAVenue() {
    tick(venueTrade(SESSION, 0, "7", T + 1).withTrade("101", "buy", "live"));
    tick(venueTrade(SESSION, 1, "8", T + 1).withTrade("102", "sell", "live"));
    tick(venueTrade(SESSION, 2, "9", T + 2).withTrade("105", "buy", "live"));
    tick(venueTrade(SESSION + 9, 0, "4", T + 1).withTrade("104", "sell", "repair"));
    tick(venueTrade(SESSION, 3, "6", T + 3).withTrade("106", "sell", "live"));
    tick(venueTrade(SESSION + 9, 1, "99", T + 1).withTrade("103", "buy", "repair"));
    tick(venueTrade(SESSION + 9, 2, "8", T + 1).withTrade("102", "sell", "repair"));
    // The record and its closing record have what the table must have together.
    for (String end : List.of("null", "" + (T + 5))) {
      String later =
          end.equals("null")
              ? "\"repaired_at\":null"
              : "\"last_missing_id\":\"104\",\"repaired_at\":" + (T + 7);
      String gap =
          "{\"source\":\"finnhub-sim\",\"symbol\":\"VENUE\",\"cause\":\"VENUE_DROPPED\","
              + ("\"gap_start\":" + T + ",\"gap_end\":" + end)
              + (",\"session_before\":" + SESSION + ",\"first_missing\":2,")
              + ("\"first_missing_id\":\"103\"," + later + "}");
      gaps.add(new TopicRecord(topics.gaps(), "VENUE", gap.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static StoredTick venueTrade(long session, long sequence, String price, long time) {
    return StoredTick.trade("VENUE", session, sequence, price, time);
  }

  private static String price(long session, int sequence) {
    return (session == SESSION ? "1" : "2") + String.format("%04d", sequence);
  }

  private void tick(StoredTick tick) {
    ticks.add(tick);
    records.add(record(tick));
  }

  private TopicRecord record(StoredTick tick) {
    return new TopicRecord(topics.ticks(), tick.symbol(), tick.bytes());
  }

  private void badRecords() {
    tick(StoredTick.trade("BEFORE", SESSION, 0, "41", T));
    bad("INVALID_JSON", "unknown", FRAMED);
    bad("INVALID_JSON", "unknown", changed(tick -> {}).getBytes(StandardCharsets.UTF_16));
    bad("INVALID_JSON", "unknown", "not json at all");
    bad("INVALID_JSON", "unknown", "[1,2]");
    bad("INVALID_JSON", "finnhub-sim", "{\"source\":\"finnhub-sim\",\"price\":\"1\"");
    bad("INVALID_JSON", "unknown", "{\"a\":" + "[".repeat(10_000));
    bad("TOMBSTONE", "unknown", (byte[]) null);
    bad("MISSING_FIELD", "finnhub-sim", changed(tick -> tick.remove("price")));
    bad("MISSING_FIELD", "finnhub-sim", changed(tick -> tick.putNull("symbol")));
    bad("MISSING_FIELD", "unknown", changed(tick -> tick.remove("source")));
    bad("INVALID_VALUE", "unknown", changed(tick -> tick.put("source", "Finnhub!")));
    bad("WRONG_TYPE", "finnhub-sim", changed(tick -> tick.put("price", 164.06)));
    bad("WRONG_TYPE", "finnhub-sim", changed(tick -> tick.put("sequence", "1")));
    bad("WRONG_TYPE", "unknown", changed(tick -> tick.put("source", 7)));
    bad("WRONG_TYPE", "finnhub-sim", changed(tick -> tick.put("trade_id", 7)));
    bad("INVALID_VALUE", "finnhub-sim", changed(tick -> tick.put("side", "SELL")));
    bad("INVALID_DECIMAL", "finnhub-sim", changed(tick -> tick.put("price", "1e999999999")));
    bad("INVALID_DECIMAL", "finnhub-sim", changed(tick -> tick.put("price", "1".repeat(41))));
    bad("INVALID_DECIMAL", "finnhub-sim", changed(tick -> tick.put("volume", "NaN")));
    bad("IMPLAUSIBLE_TIME", "finnhub-sim", changed(tick -> tick.put("event_time", T + 3_600_000)));
    bad("IMPLAUSIBLE_TIME", "finnhub-sim", changed(tick -> tick.put("event_time", 0)));
    bad(
        "IMPLAUSIBLE_TIME",
        "finnhub-sim",
        changed(tick -> tick.put("event_time", 99_999_999_999_999L)));
    // And a good one after all of them.
    tick(StoredTick.trade("AFTER", SESSION, 0, "42", T));
  }

  private static String changed(Consumer<ObjectNode> change) {
    ObjectNode tick = StoredTick.trade("BAD", SESSION, 0, "164.06", T).json();
    change.accept(tick);
    return tick.toString();
  }

  private void bad(String reason, String source, String value) {
    bad(reason, source, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  private void bad(String reason, String source, byte[] value) {
    String origin = topics.ticks() + "-0-" + records.size();
    reasonByOrigin.put(origin, reason);
    sourceByOrigin.put(origin, source);
    records.add(new TopicRecord(topics.ticks(), "BAD", value));
  }

  @Test
  void ticksHoldsTheExactDecimalsAndNothingElse() {
    assertThat(StoredTick.all(cassandra, job.keyspace())).isEqualTo(ticks);
    assertThat(Tables.count(cassandra, job.keyspace(), "ticks")).isEqualTo(ticks.size());
  }

  @Test
  void theNewestOfOneMillisecondIsTheLastReceived() {
    Row latest = latest("CROWD");

    assertThat(latest.getLong("session")).isEqualTo(SESSION + 30_000);
    assertThat(latest.getLong("sequence")).isEqualTo(2499);
    assertThat(latest.getBigDecimal("price")).isEqualTo(new BigDecimal("22499"));
    assertThat(latest.getBigDecimal("volume")).isEqualTo(latest.getBigDecimal("price"));
  }

  /**
   * If ticks share a millisecond, (session, sequence) decides open and close, in any order of the
   * topic.
   */
  @Test
  void sessionAndSequenceDecideTies() {
    Row candle = candle("CROWD", "1m", T);

    assertThat(candle.getBigDecimal("open")).isEqualTo(new BigDecimal("10000"));
    assertThat(candle.getBigDecimal("close")).isEqualTo(new BigDecimal("22499"));
    assertThat(candle.getBigDecimal("high")).isEqualTo(new BigDecimal("22499"));
    assertThat(candle.getBigDecimal("low")).isEqualTo(new BigDecimal("10000"));
    assertThat(candle.getLong("trades")).isEqualTo(5000);
  }

  /** Every tick has a row, and every trade counts once, in the order of its ids. */
  @Test
  void aTradeThatComesTwiceCountsOnce() {
    Row candle = candle("VENUE", "1m", T);

    assertThat(candle.getBigDecimal("open")).isEqualTo(new BigDecimal("7"));
    assertThat(candle.getBigDecimal("high")).isEqualTo(new BigDecimal("99"));
    assertThat(candle.getBigDecimal("low")).isEqualTo(new BigDecimal("4"));
    assertThat(candle.getBigDecimal("close")).isEqualTo(new BigDecimal("6"));
    assertThat(candle.getLong("trades")).isEqualTo(6);
    assertThat(latest("VENUE").getLong("sequence")).isEqualTo(3);
    assertThat(total(job.batches(), "duplicates")).isEqualTo(2); // and one of the symbol CROWD
  }

  @Test
  void aGapHasTheIdsOfItsRecords() {
    Row gap = cassandra.execute("SELECT * FROM " + job.keyspace() + ".feed_gaps").all().get(0);

    assertThat(gap.getString("first_missing_id")).isEqualTo("103");
    assertThat(gap.getString("last_missing_id")).isEqualTo("104");
    assertThat(gap.getInstant("repaired_at").toEpochMilli()).isEqualTo(T + 7);
    assertThat(gap.getInstant("gap_end").toEpochMilli()).isEqualTo(T + 5);
  }

  @Test
  void everyBadRecordIsRejectedWithReasonAndOrigin() throws Exception {
    Map<String, String> reasons = new HashMap<>();
    Map<String, String> sources = new HashMap<>();
    List<String> binary = new ArrayList<>();
    for (ConsumerRecord<String, String> record :
        TopicContents.records(stores.kafka, topics.rejected())) {
      JsonNode reject = JSON.readTree(record.value());
      assertThat(record.key()).isEqualTo(reject.get("origin").asText());
      assertThat(reject.get("detail").asText()).isNotBlank();
      reasons.put(record.key(), reject.get("reason").asText());
      sources.put(record.key(), reject.get("source").asText());
      if (reject.path("encoding").asText().equals("base64")) {
        binary.add(HexFormat.of().formatHex(reject.get("input").binaryValue()));
      }
    }
    assertThat(binary)
        .containsExactly(
            HexFormat.of().formatHex(FRAMED),
            HexFormat.of().formatHex(changed(tick -> {}).getBytes(StandardCharsets.UTF_16)));
    assertThat(reasons).isEqualTo(reasonByOrigin);
    assertThat(sources).isEqualTo(sourceByOrigin);
    assertThat(latest("BEFORE").getBigDecimal("price")).isEqualTo(new BigDecimal("41"));
    assertThat(latest("AFTER").getBigDecimal("price")).isEqualTo(new BigDecimal("42"));
  }

  @Test
  void aTickOfAnAbortedTransactionIsInNoTable() {
    assertThat(latest("ABORTED")).isNull();
  }

  @Test
  void readIsTicksPlusGapsPlusRejected() {
    List<LoggedBatch> batches = job.batches();
    long read = total(batches, "read");

    assertThat(read).isEqualTo(records.size() + gaps.size());
    assertThat(total(batches, "ticks") + total(batches, "gaps") + total(batches, "rejected"))
        .isEqualTo(read);
    assertThat(total(batches, "rejected")).isEqualTo(reasonByOrigin.size());
  }

  /** The end of a topic is after the marker of the aborted transaction. */
  @Test
  void theJobHasReadToTheEnds() {
    assertThat(ProgressRow.of(cassandra, job).nextOffsets())
        .isEqualTo(stores.ends(topics.ticks(), topics.gaps()));
  }

  /** The job writes every row again, including rows that were overwritten later. */
  @Test
  @Tag("extended")
  void rebuildingTheTablesInPlaceChangesNothing() {
    // A topic of its own, because another test counts the rejects of the first run.
    JobTopics same = new JobTopics(topics.ticks(), topics.gaps(), topics.rejected() + "-again");
    JobRun again = new JobRun(stores, same, job.keyspace());
    try (again) {
      Map<String, List<String>> before = Tables.of(cassandra, job.keyspace());
      // A new checkpoint, so that it reads from the beginning.
      again.runOnce();
      assertThat(Tables.of(cassandra, job.keyspace())).isEqualTo(before);
    }
  }

  private Row latest(String symbol) {
    return cassandra
        .execute(
            "SELECT * FROM "
                + job.keyspace()
                + ".latest_ticks WHERE source = 'finnhub-sim' AND symbol = ?",
            symbol)
        .one();
  }

  private Row candle(String symbol, String interval, long openTime) {
    return cassandra
        .execute(
            "SELECT * FROM "
                + job.keyspace()
                + ".candles WHERE source = 'finnhub-sim' AND symbol = ? AND interval = ?"
                + " AND month = '2026-01-01' AND open_time = ?",
            symbol,
            interval,
            java.time.Instant.ofEpochMilli(openTime))
        .one();
  }

  private static long total(List<LoggedBatch> batches, String count) {
    return batches.stream().mapToLong(batch -> batch.count(count)).sum();
  }
}
