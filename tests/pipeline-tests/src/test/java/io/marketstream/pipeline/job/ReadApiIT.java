package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestStack;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The read API over tables that the job or the test has filled. */
@Tag("job")
@ExtendWith(SharedStores.class)
class ReadApiIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String SOURCE = "finnhub-sim";
  private static final long HOUR = 3_600_000;
  private static final int DAY_S = 86_400;

  private final long seed = Long.getLong("marketstream.seed", System.nanoTime());
  private final Random random = new Random(seed);

  ReadApiIT() {
    System.out.println("seed " + seed);
  }

  /** Larger candles that the API makes of the minutes are those that the job makes of the ticks. */
  @Test
  void largerCandlesEqualTheJobs(TestStack stores) {
    JobTopics topics = JobTopics.unique("api");
    stores.createTopic(topics.ticks(), 1);
    stores.createTopic(topics.gaps(), 1);
    List<StoredTick> ticks = sixHoursAroundTheEndOfAMonth();
    TopicRecord.publish(
        stores.kafka,
        ticks.stream()
            .map(tick -> new TopicRecord(topics.ticks(), tick.symbol(), tick.bytes()))
            .toList());
    try (JobRun minutes = new JobRun(stores, topics, stores.newKeyspace("api"));
        JobRun larger = new JobRun(stores, topics, stores.newKeyspace("api"))) {
      minutes.option("--candles", "1m").runOnce();
      larger.option("--candles", "5m,1h").runOnce();
      try (ApiRun rolling = new ApiRun(stores, minutes.keyspace());
          ApiRun stored = new ApiRun(stores, larger.keyspace())) {
        awaitReady(rolling, stored);
        for (String interval : List.of("5m", "1h")) {
          String path = "/api/candles?symbol=AAPL&limit=1000&interval=" + interval + range(ticks);
          List<String> expected = candles(stored.json(path));
          assertThat(expected).hasSizeGreaterThan(5);
          assertThat(candles(rolling.json(path))).as(interval).isEqualTo(expected);
          assertThat(candlePages(rolling, path.replace("limit=1000", "limit=4")))
              .as("%s by pages", interval)
              .isEqualTo(expected);
        }
        assertThat(tickPages(rolling, "/api/ticks?symbol=AAPL&limit=37" + range(ticks)))
            .isEqualTo(
                ticks.stream()
                    .sorted(
                        Collections.reverseOrder(
                            Comparator.comparingLong(StoredTick::eventTime)
                                .thenComparingLong(StoredTick::session)
                                .thenComparingLong(StoredTick::sequence)))
                    .map(
                        tick ->
                            tick.eventTime()
                                + " "
                                + tick.sequence()
                                + " "
                                + tick.price().toPlainString())
                    .toList());
        everyUdfBarIsTheCandle(rolling, ticks);
      }
    }
  }

  private void everyUdfBarIsTheCandle(ApiRun api, List<StoredTick> ticks) {
    long from = ticks.get(0).eventTime() / 1000 - 60;
    long to = ticks.get(ticks.size() - 1).eventTime() / 1000 + 60;
    JsonNode bars = api.json("/udf/history?symbol=AAPL&resolution=5&from=" + from + "&to=" + to);
    List<String> closes = new ArrayList<>();
    JsonNode candles =
        api.json("/api/candles?symbol=AAPL&limit=1000&interval=5m" + range(ticks)).get("candles");
    for (JsonNode candle : candles) {
      if (!candle.get("c").isNull()) {
        closes.add(
            candle.get("t_ms").asLong() / 1000
                + " "
                + new BigDecimal(candle.get("c").asText()).doubleValue());
      }
    }
    List<String> udf = new ArrayList<>();
    for (int i = 0; i < bars.get("t").size(); i++) {
      udf.add(bars.get("t").get(i).asLong() + " " + bars.get("c").get(i).asDouble());
    }
    assertThat(udf).isEqualTo(closes);
    JsonNode newest = api.json("/udf/history?symbol=AAPL&resolution=5&countback=3&from=0&to=" + to);
    assertThat(newest.get("t")).hasSize(3);
    assertThat(newest.get("t").get(2).asLong())
        .isEqualTo(bars.get("t").get(bars.get("t").size() - 1).asLong());
  }

  private List<StoredTick> sixHoursAroundTheEndOfAMonth() {
    long time = Instant.parse("2026-01-31T21:00:00Z").toEpochMilli();
    List<StoredTick> ticks = new ArrayList<>();
    for (int sequence = 0; sequence < 1_500; sequence++) {
      time += random.nextInt(6 * 3_600_000 / 750);
      // Neither code moves a price without the other: see docs/api.md.
      List<String> conditions = random.nextInt(5) == 0 ? List.of("24") : List.of();
      ticks.add(
          new StoredTick(
              SOURCE,
              "AAPL",
              1_769_893_000_000L,
              sequence,
              "trade",
              BigDecimal.valueOf(random.nextInt(1_000, 9_999), random.nextInt(5)),
              BigDecimal.valueOf(random.nextInt(1_000), 2),
              conditions,
              time,
              time));
    }
    return ticks;
  }

  private static String range(List<StoredTick> ticks) {
    return "&from="
        + (ticks.get(0).eventTime() - HOUR)
        + "&to="
        + (ticks.get(ticks.size() - 1).eventTime() + HOUR);
  }

  private static List<String> candles(JsonNode answer) {
    List<String> candles = new ArrayList<>();
    for (JsonNode candle : answer.get("candles")) {
      candles.add(
          String.join(
              " ",
              candle.get("t").asText(),
              candle.get("o").asText(),
              candle.get("h").asText(),
              candle.get("l").asText(),
              candle.get("c").asText(),
              new BigDecimal(candle.get("v").asText()).stripTrailingZeros().toPlainString(),
              candle.get("n").asText(),
              candle.get("kind").asText(),
              candle.get("vw").isNull()
                  ? "null"
                  : new BigDecimal(candle.get("vw").asText())
                      .round(new MathContext(30))
                      .stripTrailingZeros()
                      .toPlainString()));
    }
    return candles;
  }

  private static List<String> candlePages(ApiRun api, String path) {
    List<String> all = new ArrayList<>();
    for (JsonNode page = api.json(path); ; ) {
      assertThat(page.get("candles").size()).isLessThanOrEqualTo(4);
      all.addAll(candles(page));
      if (page.get("next_page_token").isNull()) {
        return all;
      }
      page = api.json(path + "&page_token=" + page.get("next_page_token").asText());
    }
  }

  private static List<String> tickPages(ApiRun api, String path) {
    List<String> all = new ArrayList<>();
    for (JsonNode page = api.json(path); ; ) {
      for (JsonNode tick : page.get("ticks")) {
        all.add(
            tick.get("event_time_ms").asLong()
                + " "
                + tick.get("sequence").asLong()
                + " "
                + tick.get("price").asText());
      }
      if (page.get("next_page_token").isNull()) {
        return all;
      }
      page = api.json(path + "&page_token=" + page.get("next_page_token").asText());
    }
  }

  /** A hundred random days of symbols, counted second by second. */
  @Test
  void completenessIsExact(TestStack stores) {
    String keyspace = stores.newKeyspace("api");
    LocalDate first = LocalDate.of(2026, 1, 20); // to the next month
    int days = 20;
    try (CqlSession cassandra = stores.session();
        ApiRun api = new ApiRun(stores, keyspace)) {
      List<SymbolDays> all = new ArrayList<>();
      for (String symbol : List.of("A", "B", "C", "D", "E")) {
        all.add(new SymbolDays(cassandra, keyspace, symbol, first, days, random));
      }
      awaitReady(api);
      for (SymbolDays symbol : all) {
        JsonNode answer =
            api.json(
                "/api/completeness?symbol="
                    + symbol.symbol
                    + "&from="
                    + first
                    + "&to="
                    + first.plusDays(days));
        assertThat(answer.get("parts")).hasSize(days);
        for (int day = 0; day < days; day++) {
          JsonNode part = answer.get("parts").get(day);
          assertThat(
                  part.get("covered_ms")
                      + " "
                      + part.get("gap_ms")
                      + " "
                      + part.get("ticks")
                      + " "
                      + part.get("dropped")
                      + " "
                      + part.get("state").asText())
              .as("seed %s, %s, day %s", seed, symbol.symbol, day)
              .isEqualTo(symbol.expected(day));
        }
      }
    }
  }

  /** A day that the audit has judged has the audit's verdict. */
  @Test
  void aVerdictOfTheAuditIsServed(TestStack stores) {
    String keyspace = stores.newKeyspace("api");
    LocalDate first = LocalDate.of(2026, 3, 2);
    try (CqlSession cassandra = stores.session();
        ApiRun api = new ApiRun(stores, keyspace)) {
      new SymbolDays(cassandra, keyspace, "A", first, 2, random);
      cassandra.execute(
          "INSERT INTO "
              + keyspace
              + ".audited_days (source, day, symbol, state, ticks, dropped, gap_ms)"
              + " VALUES ('finnhub-sim', '2026-03-03', 'A', 'missing', 17, 3, 250)");
      awaitReady(api);

      JsonNode part =
          api.json("/api/completeness?symbol=A&from=2026-03-03&to=2026-03-04").get("parts").get(0);

      assertThat(part.get("audited").asBoolean()).isTrue();
      assertThat(part.get("state").asText()).isEqualTo("missing");
      assertThat(part.get("ticks").asLong()).isEqualTo(17);
      assertThat(part.get("dropped").asLong()).isEqualTo(3);
      assertThat(part.get("covered_ms").asLong()).isEqualTo(DAY_S * 1000L - 250);
    }
  }

  /**
   * A client loses its connection again and again while ticks are written, in the order in which
   * the job may write them. It gets each of them.
   */
  @Test
  void theStreamResumesWithoutAGap(TestStack stores) throws Exception {
    String keyspace = stores.newKeyspace("api");
    long session = System.currentTimeMillis();
    try (CqlSession cassandra = stores.session();
        ApiRun api = new ApiRun(stores, keyspace)) {
      PreparedStatement tick = insert(cassandra, keyspace, "ticks");
      PreparedStatement latest = insert(cassandra, keyspace, "latest_ticks");
      write(cassandra, List.of(tick, latest), session, 0);
      awaitReady(api);
      List<String> seen = new ArrayList<>();
      String last = "finnhub-sim:A:" + session + ":0";
      int next = 1;
      for (int connection = 0; connection < 6; connection++) {
        int end = next + 60;
        try (TickStreamReader stream = api.stream(List.of("A"), last)) {
          int connectionEnd = end - 20; // the rest is written while nobody listens
          for (; next < connectionEnd; next += 10) {
            List<Integer> batch = new ArrayList<>();
            for (int i = next; i < next + 10; i++) {
              batch.add(i);
            }
            Collections.shuffle(batch, random);
            for (int sequence : batch) {
              write(cassandra, List.of(tick), session, sequence);
              Thread.sleep(random.nextInt(20)); // rows become readable one by one
            }
            write(cassandra, List.of(latest), session, next + 9);
          }
          int wanted = seen.size() + 1 + random.nextInt(30);
          int before = seen.size();
          await()
              .atMost(TIMEOUT)
              .until(() -> before + stream.ids().size() >= Math.min(wanted, connectionEnd - 1));
          stream.disconnect();
          assertThat(stream.resets()).isEmpty();
          seen.addAll(stream.ids());
          last = seen.get(seen.size() - 1);
        }
        for (; next < end; next++) {
          write(cassandra, List.of(tick, latest), session, next);
        }
      }
      int all = next - 1;
      int before = seen.size();
      try (TickStreamReader stream = api.stream(List.of("A"), last)) {
        await().atMost(TIMEOUT).until(() -> before + stream.ids().size() >= all);
        stream.disconnect();
        seen.addAll(stream.ids());
      }

      List<String> expected = new ArrayList<>();
      for (int sequence = 1; sequence <= all; sequence++) {
        expected.add("finnhub-sim:A:" + session + ":" + sequence);
      }
      assertThat(seen).as("seed %s", seed).isEqualTo(expected);
    }
  }

  /** What lies before the client's last event is read, and does not count as missed. */
  @Test
  void aBusySymbolResumes(TestStack stores) {
    String keyspace = stores.newKeyspace("api");
    long session = System.currentTimeMillis() - 60_000;
    int ticks = 6_500; // more than a stream sends after an absence, in 6.5 s of event time
    try (CqlSession cassandra = stores.session();
        ApiRun api = new ApiRun(stores, keyspace)) {
      PreparedStatement tick = insert(cassandra, keyspace, "ticks");
      for (int sequence = 0; sequence < ticks; sequence++) {
        write(cassandra, List.of(tick), session, sequence);
      }
      write(cassandra, List.of(insert(cassandra, keyspace, "latest_ticks")), session, ticks - 1);
      awaitReady(api);

      String last = "finnhub-sim:A:" + session + ":" + (ticks - 3);
      try (TickStreamReader stream = api.stream(List.of("A"), last)) {
        await().atMost(TIMEOUT).until(() -> stream.ids().size() + stream.resets().size() >= 2);
        stream.disconnect();
        assertThat(stream.resets()).isEmpty();
        assertThat(stream.ids())
            .containsExactly(
                "finnhub-sim:A:" + session + ":" + (ticks - 2),
                "finnhub-sim:A:" + session + ":" + (ticks - 1));
      }
    }
  }

  private static PreparedStatement insert(CqlSession cassandra, String keyspace, String table) {
    return cassandra.prepare(
        "INSERT INTO "
            + keyspace
            + "."
            + table
            + " (source, symbol, hour, event_time, session, sequence, kind, price, received_at)"
            + " VALUES ('finnhub-sim', 'A', ?, ?, ?, ?, 'trade', 10, ?)");
  }

  private static void write(
      CqlSession cassandra, List<PreparedStatement> inserts, long session, long sequence) {
    Instant time = Instant.ofEpochMilli(session + sequence);
    Instant hour =
        Instant.ofEpochMilli(time.toEpochMilli() - Math.floorMod(time.toEpochMilli(), HOUR));
    for (PreparedStatement insert : inserts) {
      cassandra.execute(insert.bind(hour, time, session, sequence, time));
    }
  }

  /** A trade of a venue that numbers its trades, and the gap that it was missing in. */
  @Test
  void tradeIdsAreServed(TestStack stores) throws Exception {
    String keyspace = stores.newKeyspace("api");
    long session = System.currentTimeMillis() - 60_000;
    try (CqlSession cassandra = stores.session();
        ApiRun api = new ApiRun(stores, keyspace)) {
      PreparedStatement tick = insert(cassandra, keyspace, "ticks");
      write(cassandra, List.of(tick, insert(cassandra, keyspace, "latest_ticks")), session, 0);
      write(cassandra, List.of(tick), session, 1);
      cassandra.execute(
          "UPDATE "
              + keyspace
              + ".ticks SET trade_id = '1100236127', side = 'sell', origin = 'repair'"
              + " WHERE source = 'finnhub-sim' AND symbol = 'A' AND hour = ? AND event_time = ?"
              + " AND session = ? AND sequence = 1",
          Instant.ofEpochMilli((session + 1) / HOUR * HOUR),
          Instant.ofEpochMilli(session + 1),
          session);
      cassandra.execute(
          "INSERT INTO "
              + keyspace
              + ".feed_gaps (source, symbol, month, gap_start, session_before, first_missing,"
              + " gap_end, cause, first_missing_id, last_missing_id, repaired_at)"
              + " VALUES ('finnhub-sim', 'A', ?, ?, 1, 2, ?, 'VENUE_DROPPED', '7', '9', ?)",
          Instant.ofEpochMilli(session).atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1),
          Instant.ofEpochMilli(session),
          Instant.ofEpochMilli(session + 5),
          Instant.ofEpochMilli(session + 6));
      awaitReady(api);

      String range = "&from=" + (session - 1) + "&to=" + (session + 100);
      JsonNode ticks = api.json("/api/ticks?symbol=A" + range).get("ticks");
      assertThat(ticks.get(0).get("trade_id").asText()).isEqualTo("1100236127");
      assertThat(ticks.get(0).get("side").asText()).isEqualTo("sell");
      assertThat(ticks.get(0).get("origin").asText()).isEqualTo("repair");
      assertThat(ticks.get(1).get("trade_id").isNull()).isTrue();
      assertThat(ticks.get(1).get("side").isNull()).isTrue();
      assertThat(ticks.get(1).get("origin").isNull()).isTrue();
      JsonNode gap = api.json("/api/gaps?symbol=A" + range).get("gaps").get(0);
      assertThat(gap.get("first_missing_id").asText()).isEqualTo("7");
      assertThat(gap.get("last_missing_id").asText()).isEqualTo("9");
      assertThat(gap.get("repaired_at_ms").asLong()).isEqualTo(session + 6);
      String seconds = "&from=" + (session / 1_000 - 60) + "&to=" + (session / 1_000 + 60);
      assertThat(api.json("/udf/timescale_marks?symbol=A&resolution=1" + seconds))
          .as("nothing is missing in a gap that was repaired")
          .isEmpty();
    }
  }

  /** Every path of the description answers, with the fields that it promises. */
  @Test
  void theServerIsAsItsDescriptionSays(TestStack stores) {
    String keyspace = stores.newKeyspace("api");
    try (CqlSession cassandra = stores.session();
        ApiRun api = new ApiRun(stores, keyspace)) {
      new SymbolDays(cassandra, keyspace, "A", LocalDate.of(2026, 3, 2), 2, random);
      awaitReady(api);
      OpenApiFile description = OpenApiFile.of(api.get("/openapi.yaml").body());

      String range = "from=2026-03-02&to=2026-03-05";
      String seconds = "from=1772409600&to=1772668800";
      description.check(api, "/api/symbols", "");
      description.check(api, "/api/candles", "symbol=A&" + range);
      description.check(api, "/api/ticks", "symbol=A&limit=5&" + range);
      description.check(api, "/api/gaps", "symbol=A&" + range);
      description.check(api, "/api/completeness", "symbol=A&" + range);
      description.check(api, "/api/conditions", "");
      description.check(api, "/udf/config", "");
      description.check(api, "/udf/time", "");
      description.check(api, "/udf/symbols", "symbol=finnhub-sim:A");
      description.check(api, "/udf/search", "query=a");
      description.check(api, "/udf/history", "symbol=A&resolution=60&" + seconds);
      description.check(api, "/udf/marks", "symbol=A&resolution=60&" + seconds);
      description.check(api, "/udf/timescale_marks", "symbol=A&resolution=60&" + seconds);
      description.check(api, "/health", "");
      description.check(api, "/health/live", "");
      description.check(api, "/metrics", "");
      assertThat(description.unchecked()).containsExactly("/api/stream"); // has a test of its own
    }
  }

  @Test
  void aWrongParameterIsNamed(TestStack stores) {
    String keyspace = stores.newKeyspace("api");
    try (CqlSession cassandra = stores.session();
        ApiRun api = new ApiRun(stores, keyspace)) {
      new SymbolDays(cassandra, keyspace, "A", LocalDate.of(2026, 3, 2), 2, random);
      awaitReady(api);

      assertRefused(api, "/api/candles", 400, "'symbol' is missing");
      assertRefused(api, "/api/candles?symbol=NOPE", 404, "no symbol 'NOPE'");
      assertRefused(api, "/api/candles?symbol=A&interval=7m", 400, "'7m' is not a candle interval");
      assertRefused(
          api, "/api/candles?symbol=A&interval=1s", 400, "stored intervals, which are 1m");
      assertRefused(api, "/api/candles?symbol=A&limit=0", 400, "'limit' is not a whole number");
      assertRefused(
          api, "/api/candles?symbol=A&interval=1d&limit=9999", 400, "'limit' is too large");
      assertRefused(api, "/api/candles?symbol=A&page_token=x", 400, "'page_token' is not");
      assertRefused(api, "/api/ticks?symbol=A&from=yesterday", 400, "'from' is not a time");
      assertRefused(api, "/api/ticks?symbol=A&from=2025-01-01", 400, "'from' is more than 31 days");
      assertRefused(
          api, "/api/ticks?symbol=A&from=2027-01-01&to=2026-01-01", 400, "not before 'to'");
      assertRefused(api, "/api/completeness?symbol=A&by=week", 400, "not one of day, hour");
      assertRefused(api, "/api/symbols?sybol=A", 400, "'sybol' is not a parameter");
      assertRefused(api, "/api/nonsense", 404, "There is nothing at /api/nonsense");
      assertRefused(api, "/udf/history?symbol=A&resolution=7&from=1&to=2", 400, "'resolution'");
    }
  }

  private static void assertRefused(ApiRun api, String path, int status, String message) {
    var response = api.get(path);
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(status);
    assertThat(ApiRun.parse(response.body()).get("message").asText()).as(path).contains(message);
  }

  private static void awaitReady(ApiRun... apis) {
    for (ApiRun api : apis) {
      await().atMost(TIMEOUT).until(() -> api.get("/health").statusCode() == 200);
    }
  }
}
