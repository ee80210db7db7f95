package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.pipeline.TestStack;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files of {@code ./market-stream export}, read by DuckDB and compared with the tables. */
@Tag("job")
@ExtendWith(SharedStores.class)
class ExportIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String SOURCE = "finnhub-sim";
  private static final long HOUR_MS = 3_600_000;
  private static final long DAY_MS = 24 * HOUR_MS;
  private static final Instant FIRST_DAY = Instant.parse("2026-01-31T00:00:00Z");
  private static final String[] TWO_DAYS = {"--from=2026-01-31", "--to=2026-02-02"};

  private static final DateTimeFormatter CSV_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final String TICKS =
      "source, symbol, event_time, session, sequence, kind, price, volume, conditions, received_at,"
          + " trade_id, side, origin";
  private static final String CANDLES =
      "source, symbol, interval, open_time, open, high, low, close, volume, vwap, trades, kind";
  private static final String GAPS =
      "source, symbol, gap_start, gap_end, cause, session_before, session_after, first_missing,"
          + " dropped, detail, first_missing_id, last_missing_id, repaired_at";

  private final long seed = Long.getLong("marketstream.seed", System.nanoTime());
  private final Random random = new Random(seed);

  ExportIT() {
    System.out.println("seed " + seed);
  }

  /** Every value, of symbols with odd names, over the end of a month. */
  @Test
  void duckDbReadsWhatTheTablesHold(TestStack stores) throws Exception {
    String keyspace = stores.newKeyspace("export");
    try (CqlSession cassandra = stores.session()) {
      Rows rows = new Rows(cassandra, keyspace);
      List<String> symbols = List.of("BINANCE:BTCUSDT", "../ü %41", "0700", "a,b");
      symbols.forEach(symbol -> rows.twoDays(SOURCE, symbol, random));
      rows.twoDays("other-sim", "0700", random);
      ExportRun parquet = new ExportRun(stores, keyspace);
      ExportRun csv = new ExportRun(stores, keyspace);
      List<String> options = new ArrayList<>(List.of(TWO_DAYS));
      options.add("--interval=1m,1h");
      symbols.forEach(symbol -> options.add("--symbol=" + symbol));
      options.add("--source=" + SOURCE);
      parquet.write(options.toArray(String[]::new));
      options.add("--format=csv");
      csv.write(options.toArray(String[]::new));

      assertThat(parquet.files())
          .hasSize(4 * 2 * 3)
          .contains("ticks/finnhub-sim/BINANCE%3ABTCUSDT/2026-01-31.parquet")
          .contains("candles/finnhub-sim/%2E.%2F%C3%BC%20%2541/2026-02-01.parquet")
          .contains("gaps/finnhub-sim/0700/2026-02-01.parquet");
      assertThat(csv.files()).hasSize(4 * 2 * 3).allMatch(name -> name.endsWith(".csv"));
      for (Table table :
          List.of(
              new Table("ticks", TICKS, "event_time"),
              new Table("candles", CANDLES, "open_time"))) {
        List<List<Object>> stored =
            rows.stored(table, row -> Objects.equals(row.getString("source"), SOURCE));
        assertThat(stored).hasSizeGreaterThan(300);
        assertThat(read(parquet, table, "parquet")).isEqualTo(texts(stored, ExportIT::byValue));
        assertThat(read(csv, table, "csv")).isEqualTo(texts(stored, ExportIT::exactly));
      }
      gapsOfADayAreThoseThatHaveAPartInIt(parquet, rows, symbols, "parquet");
      gapsOfADayAreThoseThatHaveAPartInIt(csv, rows, symbols, "csv");
      assertThat(
              duckDb(
                  "SELECT DISTINCT typeof(price), typeof(volume), typeof(event_time), typeof(conditions) FROM '"
                      + parquet.folder
                      + "/ticks/**/*.parquet'"))
          .containsExactly(
              List.of("DECIMAL(38,24)", "DECIMAL(38,18)", "TIMESTAMP WITH TIME ZONE", "VARCHAR[]"));
    }
  }

  /** A gap of two days is in the files of both; one of the whole source is in those of each. */
  private static void gapsOfADayAreThoseThatHaveAPartInIt(
      ExportRun export, Rows rows, List<String> symbols, String format) {
    Table table = new Table("gaps", GAPS, "gap_start");
    List<List<Object>> expected = new ArrayList<>();
    for (String symbol : symbols) {
      for (long day = FIRST_DAY.toEpochMilli(); day < FIRST_DAY.toEpochMilli() + 2 * DAY_MS; ) {
        long start = day;
        long end = day + DAY_MS;
        expected.addAll(
            rows.stored(
                table,
                row ->
                    SOURCE.equals(row.getString("source"))
                        && List.of(symbol, "*").contains(row.getString("symbol"))
                        && row.getInstant("gap_start").toEpochMilli() < end
                        && Rows.knownEnd(row) > start));
        day = end;
      }
    }
    assertThat(expected).hasSizeGreaterThan(4 * symbols.size());
    assertThat(read(export, table, format))
        .isEqualTo(texts(expected, format.equals("csv") ? ExportIT::exactly : ExportIT::byValue));
  }

  @Test
  void oneFileHasItsRowsInTheOrderOfTime(TestStack stores) throws Exception {
    String keyspace = stores.newKeyspace("export");
    try (CqlSession cassandra = stores.session()) {
      new Rows(cassandra, keyspace).twoDays(SOURCE, "A", random);
      ExportRun export = new ExportRun(stores, keyspace);
      export.write("--symbol=A", "--from=2026-01-31T23:00:00Z", "--to=2026-02-01T01:00:00Z");

      assertThat(export.files())
          .contains(
              "ticks/finnhub-sim/A/2026-01-31.parquet", "ticks/finnhub-sim/A/2026-02-01.parquet");
      List<List<Object>> order =
          duckDb(
              "SELECT epoch_ms(event_time), session, sequence FROM '"
                  + export.folder
                  + "/ticks/finnhub-sim/A/*.parquet'");
      List<List<Object>> sorted = new ArrayList<>(order);
      sorted.sort(
          (a, b) -> {
            int c = Long.compare((Long) a.get(0), (Long) b.get(0));
            return c != 0 ? c : Long.compare((Long) a.get(2), (Long) b.get(2));
          });
      assertThat(order).hasSizeGreaterThan(5).isEqualTo(sorted);
      assertThat(order)
          .allMatch(row -> (Long) row.get(0) >= FIRST_DAY.toEpochMilli() + 23 * HOUR_MS)
          .allMatch(row -> (Long) row.get(0) < FIRST_DAY.toEpochMilli() + 25 * HOUR_MS);
    }
  }

  /** It is never rounded. */
  @Test
  void aDecimalThatDoesNotFitEndsTheExport(TestStack stores) throws Exception {
    String keyspace = stores.newKeyspace("export");
    try (CqlSession cassandra = stores.session()) {
      Rows rows = new Rows(cassandra, keyspace);
      String tiny = "0.00000000000000000000000012345";
      rows.tick(SOURCE, "shib", FIRST_DAY, 0, new BigDecimal("1"), null, null);
      rows.tick(SOURCE, "shib", FIRST_DAY.plusSeconds(90_000), 1, new BigDecimal(tiny), null, null);
      ExportRun export = new ExportRun(stores, keyspace);
      String[] options = {"--symbol=shib", "--data=ticks", TWO_DAYS[0], TWO_DAYS[1]};
      ExportRun.Ended ended = export.run(options);

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err())
          .hasLineCount(1)
          .contains("ticks/finnhub-sim/shib/2026-02-01.parquet cannot be written exactly: price ")
          .contains("does not fit a decimal of 38 digits, 24 of them after the point")
          .contains("Use --decimals text, with --overwrite");
      assertThat(export.files()).containsExactly("ticks/finnhub-sim/shib/2026-01-31.parquet");

      export.write(with(options, "--decimals=text", "--overwrite"));
      assertThat(
              duckDb("SELECT price FROM '" + export.folder + "/**/*.parquet' ORDER BY event_time"))
          .containsExactly(List.of("1"), List.of(tiny));
    }
  }

  @Test
  void aFileThatExistsIsReplacedOnlyOnRequest(TestStack stores) throws Exception {
    String keyspace = stores.newKeyspace("export");
    try (CqlSession cassandra = stores.session()) {
      Rows rows = new Rows(cassandra, keyspace);
      rows.tick(SOURCE, "A", FIRST_DAY, 0, BigDecimal.ONE, null, null);
      ExportRun export = new ExportRun(stores, keyspace);
      String[] options = {"--symbol=A", "--data=ticks,gaps", TWO_DAYS[0], TWO_DAYS[1]};
      assertThat(export.write(options))
          .contains("no ticks of finnhub-sim:A on 2026-02-01\n")
          .contains("no gaps of finnhub-sim:A on 2026-01-31 to 2026-02-01\n")
          .contains("wrote 1 files with 1 rows")
          .doesNotContain("snapshot");
      rows.tick(SOURCE, "A", FIRST_DAY, 1, BigDecimal.ONE, null, null);

      ExportRun.Ended refused = export.run(options);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err())
          .hasLineCount(1)
          .contains("ticks/finnhub-sim/A/2026-01-31.parquet exists. Use --overwrite");
      String count = "SELECT count(*) FROM '" + export.folder + "/ticks/**/*.parquet'";
      assertThat(duckDb(count)).containsExactly(List.of(1L));

      ExportRun.Ended part =
          export.run(
              "--symbol=A",
              "--data=ticks",
              "--from=2026-01-31T12:00:00Z",
              TWO_DAYS[1],
              "--overwrite");
      assertThat(part.code()).isEqualTo(2);
      assertThat(part.err()).hasLineCount(1).contains("have only a part of its day");
      export.write(with(options, "--overwrite"));
      assertThat(duckDb(count)).containsExactly(List.of(2L));

      cassandra.execute("TRUNCATE " + keyspace + ".ticks");
      rows.tick(SOURCE, "A", FIRST_DAY, 0, BigDecimal.ONE, null, null);
      ExportRun.Ended expired = export.run(with(options, "--overwrite"));
      assertThat(expired.code()).isEqualTo(1);
      assertThat(expired.err()).contains("has more rows than this export and was kept");
      assertThat(duckDb(count)).containsExactly(List.of(2L));

      rows.tick(SOURCE, "a", FIRST_DAY, 0, BigDecimal.ONE, null, null);
      ExportRun.Ended alike = export.run("--symbol=A,a", "--data=gaps", TWO_DAYS[0], TWO_DAYS[1]);
      assertThat(alike.code()).isEqualTo(2);
      assertThat(alike.err()).hasLineCount(1).contains("some file systems do not distinguish");
    }
  }

  @Test
  void whatCannotBeExportedIsOneLine(TestStack stores) {
    String keyspace = stores.newKeyspace("export");
    try (CqlSession cassandra = stores.session()) {
      Rows rows = new Rows(cassandra, keyspace);
      Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
      rows.tick(SOURCE, "A", today, 0, BigDecimal.ONE, null, null);
      rows.tick("other-sim", "A", today, 0, BigDecimal.ONE, null, null);
      ExportRun export = new ExportRun(stores, keyspace);

      for (List<String> wrong :
          List.of(
              List.of("--symbol=A", "write finnhub-sim:A or other-sim:A"),
              List.of("--symbol=NOPE", "there is no symbol 'NOPE'. There are finnhub-sim:A"),
              List.of("--symbol=nope:A", "there is no symbol 'nope:A'"))) {
        ExportRun.Ended ended = export.run(wrong.get(0), "--from=" + today);
        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err()).hasLineCount(1).containsIgnoringCase(wrong.get(1));
      }
      assertThat(export.files()).isEmpty();
      ExportRun.Ended keyspaceIsWrong =
          new ExportRun(stores, "nowhere").run("--symbol=A", "--from=" + today);
      assertThat(keyspaceIsWrong.code()).isEqualTo(1);
      assertThat(keyspaceIsWrong.err()).hasLineCount(1).contains("nowhere");
      assertThat(export.write("--symbol=other-sim:A", "--from=" + today))
          .contains(" is not over: its files are a snapshot");
      assertThat(export.files())
          .containsExactly("ticks/other-sim/A/" + today.toString().substring(0, 10) + ".parquet");
    }
  }

  /** A day of 300,000 ticks in a heap of 64 MB; a signal leaves no file that is not complete. */
  @Test
  @Tag("extended")
  void aLargeDayNeedsNoLargeHeap(TestStack stores) throws Exception {
    int ticks = 300_000;
    String keyspace = stores.newKeyspace("export");
    try (CqlSession cassandra = stores.session()) {
      new PartitionLoader(cassandra)
          .load(keyspace, "ticks", new RealisticRows().partition("ticks", ticks));
      new PartitionLoader(cassandra)
          .load(keyspace, "latest_ticks", new RealisticRows().partition("ticks", 1));
      String[] options = {"--symbol=AAPL", "--data=ticks", "--from=2026-11-23", "--to=2026-11-24"};
      for (String format : List.of("parquet", "csv")) {
        ExportRun export = new ExportRun(stores, keyspace, 48);
        assertThat(export.write(with(options, "--format=" + format)))
            .contains("wrote 1 files with 300,000 rows");
        assertThat(
                duckDb(
                    "SELECT count(*), count(DISTINCT sequence), sum(price)::DECIMAL(38,4) FROM '"
                        + export.folder
                        + "/**/*."
                        + format
                        + "'"))
            .hasSize(1)
            .first()
            .satisfies(
                row -> {
                  assertThat(row.subList(0, 2)).containsExactly((long) ticks, (long) ticks);
                  assertThat((BigDecimal) row.get(2))
                      .isEqualByComparingTo(sum(cassandra, keyspace));
                });
      }
      ExportRun stopped = new ExportRun(stores, keyspace);
      Process process = stopped.start(options);
      await().atMost(TIMEOUT).until(() -> !stopped.files().isEmpty());
      assertThat(stopped.files()).singleElement().asString().endsWith(".part");
      process.destroy(); // SIGTERM
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(stopped.ended(process).err())
          .contains("market-stream: the export was stopped. Files that are complete stay");
      assertThat(stopped.files()).isEmpty();
    }
  }

  private static BigDecimal sum(CqlSession cassandra, String keyspace) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Row row : cassandra.execute("SELECT price FROM " + keyspace + ".ticks")) {
      sum = sum.add(row.getBigDecimal(0));
    }
    return sum;
  }

  private static String[] with(String[] options, String... more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /**
   * A table and the columns that a file has of it.
   *
   * @param time the column that chooses the day
   */
  private record Table(String name, String columns, String time) {
    List<String> names() {
      return List.of(columns.split(", "));
    }
  }

  /** The rows of all files of a table, as texts, sorted. */
  private static List<String> read(ExportRun export, Table table, String format) {
    String files = "'" + export.folder + "/" + table.name() + "/**/*." + format + "'";
    boolean isCsv = format.equals("csv");
    return texts(
        duckDb(
            "SELECT "
                + table.columns()
                + " FROM "
                + (isCsv ? "read_csv(" + files + ", all_varchar = true)" : files)),
        isCsv ? value -> value == null ? "" : value.toString() : ExportIT::byValue);
  }

  private static List<List<Object>> duckDb(String query) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      List<List<Object>> rows = new ArrayList<>();
      while (found.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          Object value = found.getObject(i);
          if (value instanceof OffsetDateTime time) {
            value = time.toInstant();
          } else if (value instanceof java.sql.Array list) {
            value = Arrays.asList((Object[]) list.getArray());
          }
          row.add(value);
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
  }

  private static List<String> texts(List<List<Object>> rows, Function<Object, String> text) {
    List<String> texts = new ArrayList<>();
    for (List<Object> row : rows) {
      texts.add(String.join(" ; ", row.stream().map(text).toList()));
    }
    Collections.sort(texts);
    return texts;
  }

  /** Decimals are equal if their values are. A CSV cannot tell an empty list from none. */
  private static String byValue(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros().toPlainString();
    }
    return value instanceof Instant ? exactly(value) : String.valueOf(value);
  }

  /** As a CSV has it. */
  private static String exactly(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Instant time) {
      return CSV_TIME.format(time);
    }
    return value instanceof List<?> list
        ? String.join("|", list.stream().map(String::valueOf).toList())
        : value.toString();
  }

  /** Writes rows into the tables of a keyspace, and reads them back. */
  private static final class Rows {
    private final CqlSession cassandra;
    private final String keyspace;

    Rows(CqlSession cassandra, String keyspace) {
      this.cassandra = cassandra;
      this.keyspace = keyspace;
    }

    void twoDays(String source, String symbol, Random random) {
      long begin = FIRST_DAY.toEpochMilli();
      // Both edges of both days, and the millisecond before and after.
      List<Long> times = new ArrayList<>();
      for (long edge = begin; edge <= begin + 2 * DAY_MS; edge += DAY_MS) {
        times.addAll(List.of(edge - 1, edge, edge));
      }
      for (int i = 0; i < 70; i++) {
        times.add(begin + (long) (random.nextDouble() * 2 * DAY_MS));
      }
      for (int i = 0; i < 25; i++) {
        times.add(begin + DAY_MS - HOUR_MS + (long) (random.nextDouble() * 2 * HOUR_MS));
      }
      for (int i = 0; i < times.size(); i++) {
        List<String> conditions =
            switch (random.nextInt(3)) {
              case 0 -> null;
              case 1 -> List.of();
              default -> List.of("1", "é,\"", "24").subList(0, 1 + random.nextInt(3));
            };
        tick(
            source,
            symbol,
            Instant.ofEpochMilli(times.get(i)),
            i,
            price(random),
            random.nextInt(4) == 0 ? null : decimal(random).abs(),
            conditions);
        candle(source, symbol, "1m", times.get(i) / 60_000 * 60_000, random);
        candle(source, symbol, "1h", times.get(i) / HOUR_MS * HOUR_MS, random);
      }
      long midnight = begin + DAY_MS;
      gap(source, symbol, begin + 5, begin + 10, "CONNECTION_LOST", "a \"b\"\n, c");
      gap(source, symbol, midnight - 1_000, midnight + 1_000, "STALLED", null);
      gap(source, symbol, midnight, midnight + 7, "CONNECTION_LOST", "");
      gap(source, symbol, begin - 3 * HOUR_MS, begin, "CONNECTION_LOST", null); // ends before
      gap(source, symbol, begin - 40 * DAY_MS, begin + 1, "STALLED", null); // began long before
      gap(source, symbol, begin + 2 * DAY_MS, begin + 3 * DAY_MS, "STALLED", null); // after
      gap(source, symbol, begin + HOUR_MS, null, "CONNECTION_LOST", "killed");
      gap(source, "*", midnight - 2, midnight - 1, "TASK_RESTART", null);
    }

    /** When a gap is over: one that a kill left open ends with the next one of its symbol. */
    static long knownEnd(Row gap) {
      Instant end = gap.getInstant("gap_end");
      return end == null ? FIRST_DAY.toEpochMilli() + DAY_MS + 7 : end.toEpochMilli();
    }

    private static BigDecimal price(Random random) {
      return new BigDecimal(new BigInteger(random.nextInt(76), random), 10 + random.nextInt(15));
    }

    private static BigDecimal decimal(Random random) {
      return new BigDecimal(new BigInteger(60, random), random.nextInt(19))
          .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1));
    }

    void tick(
        String source,
        String symbol,
        Instant time,
        long sequence,
        BigDecimal price,
        BigDecimal volume,
        List<String> conditions) {
      long millis = time.toEpochMilli();
      for (String table : List.of("ticks", "latest_ticks")) {
        cassandra.execute(
            "INSERT INTO "
                + keyspace
                + "."
                + table
                + " (source, symbol, hour, event_time, session, sequence, kind, price, volume,"
                + " conditions, received_at"
                + (table.equals("ticks") ? ", trade_id, side, origin" : "")
                + ") VALUES (?, ?, ?, ?, 7, ?, 'trade', ?, ?, ?, ?"
                + (!table.equals("ticks")
                    ? ""
                    : sequence % 3 == 0
                        ? ", null, null, null"
                        : ", '00" + sequence + "', 'sell', 'repair'")
                + ")",
            source,
            symbol,
            Instant.ofEpochMilli(millis - Math.floorMod(millis, HOUR_MS)),
            time,
            sequence,
            price,
            volume,
            conditions,
            time.plusMillis(sequence));
      }
    }

    private void candle(String source, String symbol, String interval, long open, Random random) {
      BigDecimal price = random.nextInt(5) == 0 ? null : price(random);
      BigDecimal vwap =
          decimal(random).divide(BigDecimal.valueOf(7), new MathContext(34)).movePointLeft(9);
      cassandra.execute(
          "INSERT INTO "
              + keyspace
              + ".candles (source, symbol, interval, month, open_time, open, high, low, close,"
              + " volume, vwap, trades, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'trade')",
          source,
          symbol,
          interval,
          month(open),
          Instant.ofEpochMilli(open),
          price,
          price,
          price,
          price,
          decimal(random).abs(),
          random.nextBoolean() ? vwap : null,
          random.nextLong());
    }

    private void gap(
        String source, String symbol, long start, Long end, String cause, String detail) {
      cassandra.execute(
          "INSERT INTO "
              + keyspace
              + ".feed_gaps (source, symbol, month, gap_start, session_before, first_missing,"
              + " gap_end, session_after, cause, dropped, detail, first_missing_id,"
              + " last_missing_id, repaired_at) VALUES (?, ?, ?, ?, 7, 3, ?, ?, ?, ?, ?, ?, ?, ?)",
          source,
          symbol,
          month(start),
          Instant.ofEpochMilli(start),
          end == null ? null : Instant.ofEpochMilli(end),
          end == null ? null : 9L,
          cause,
          detail == null ? 4L : null,
          detail,
          end == null ? null : "0" + start,
          end == null ? null : "" + end,
          end == null ? null : Instant.ofEpochMilli(end + 1));
    }

    private static LocalDate month(long time) {
      return Instant.ofEpochMilli(time).atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
    }

    /** The rows of a table within the two days; of gaps, all of them. */
    List<List<Object>> stored(Table table, Predicate<Row> filter) {
      String name = table.name().equals("gaps") ? "feed_gaps" : table.name();
      List<List<Object>> rows = new ArrayList<>();
      for (Row row : cassandra.execute("SELECT * FROM " + keyspace + "." + name)) {
        Instant time = row.getInstant(table.time());
        boolean isWithin =
            table.name().equals("gaps")
                || (!time.isBefore(FIRST_DAY) && time.isBefore(FIRST_DAY.plusMillis(2 * DAY_MS)));
        if (isWithin && filter.test(row)) {
          List<Object> values = new ArrayList<>();
          table.names().forEach(each -> values.add(value(row, each)));
          rows.add(values);
        }
      }
      return rows;
    }

    private static Object value(Row row, String column) {
      if (row.isNull(column)) {
        return null; // the driver makes an empty list of a missing one
      }
      // The quotient of a candle is text in the file.
      return column.equals("vwap")
          ? row.getBigDecimal(column).toPlainString()
          : row.getObject(column);
    }
  }
}
