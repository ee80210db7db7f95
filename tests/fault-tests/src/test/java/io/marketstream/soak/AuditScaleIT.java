package io.marketstream.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.JobSubmission;
import io.marketstream.embedded.component.KafkaBroker;
import io.marketstream.embedded.component.SparkJob;
import io.marketstream.embedded.component.SparkRelease;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.pipeline.BuiltModule;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.MarketStreamCommand;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits of a day of ten million ticks ({@code -Dmarketstream.audit.ticks}): time, memory and
 * requests, beside a plain scan of the same rows. The audits must find nothing. The figures are in
 * {@code target/audit-scale.md}.
 */
@Tag("soak")
class AuditScaleIT {
  private static final Logger LOG = LoggerFactory.getLogger(AuditScaleIT.class);
  static final String SOURCE = "scale-sim";
  private static final int SYMBOLS = 50;
  private static final int PARTITIONS = 6;
  private static final int ROUNDS = Integer.getInteger("marketstream.audit.rounds", 2);
  private static final int BATCH = 200;
  private static final int IN_FLIGHT = 24;
  private static final long TICKS = Long.getLong("marketstream.audit.ticks", 10_000_000L);

  @SuppressWarnings("TimeInStaticInitializer") // all rows are of one day
  private static final Instant DAY =
      LocalDate.now(ZoneOffset.UTC).minusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);

  private static final long SESSION = DAY.toEpochMilli();
  private static final Pattern REQUESTS = Pattern.compile("([0-9,]+) requests");
  private static final Duration TIMEOUT = Duration.ofMinutes(60);

  private final List<String> table = new ArrayList<>();
  private final AtomicReference<Throwable> writeFailure = new AtomicReference<>();
  private Path home;
  private TestStack stores;

  static String symbol(int index) {
    return String.format("SYMBOL%03d", index);
  }

  @Test
  void tenMillionTicksAreAudited(TestReporter reporter) throws Exception {
    home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "audit-scale-");
    stores = TestStack.storesOnly(home).build();
    try (KafkaBroker kafka = stores.kafka;
        CassandraNode cassandra = stores.cassandra) {
      kafka.start();
      cassandra.start();
      cassandra.applySchema(TestStack.ROOT.resolve("cassandra-cql"), TestStack.KEYSPACE);
      createTopics();
      long begin = System.nanoTime();
      try (CqlSession session = cassandra.session(TestStack.KEYSPACE)) {
        writeRows(session);
        Map<String, Long> ends = writeRecords();
        writeJob(session, ends);
      }
      LOG.info("Wrote the rows and records in {} s", seconds(begin));
      table.add("| what | s | peak RSS MB | requests |");
      table.add("|---|---|---|---|");
      measureAll();
    }
    Files.write(Path.of("target", "audit-scale.md"), table);
    reporter.publishEntry("audit scale", String.join("\n", table));
  }

  private void createTopics() throws Exception {
    try (Admin admin = stores.kafka.admin()) {
      admin
          .createTopics(
              Stream.of("market_data", "market_data_gaps", "market_data_rejected")
                  .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                  .toList())
          .all()
          .get();
    }
  }

  private void measureAll() throws Exception {
    String port = String.valueOf(stores.cassandra.cqlAddress().getPort());
    String brokers = stores.kafka.bootstrapServers();
    List<String> scan = List.of(port, DAY.toString(), "24", String.valueOf(SYMBOLS));
    List<String> audit =
        List.of(
            "--cassandra",
            "127.0.0.1:" + port,
            "--since",
            DAY.toString(),
            "--until",
            DAY.plus(1, ChronoUnit.DAYS).toString());
    List<String> withTopics = with(audit, "--bootstrap-servers", brokers);
    for (int round = 1; round <= ROUNDS; round++) {
      measure("plain scan of the rows", plainScan(scan));
      measure("audit of the tables, heap 512 MB", audit("512m", audit));
    }
    measure("audit of the tables, heap 128 MB", audit("128m", audit));
    measure("plain scan of rows and records", plainScan(with(scan, brokers)));
    measure("audit with topics, heap 2 GB", audit("2g", withTopics));
    measureSpark(withTopics);
  }

  private static List<String> with(List<String> options, String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return all;
  }

  private static List<String> plainScan(List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                PlainScan.class.getName()));
    command.addAll(arguments);
    return command;
  }

  private List<String> audit(String heap, List<String> options) throws IOException {
    List<String> command = MarketStreamCommand.audit(home, options);
    command.removeIf(option -> option.startsWith("-X"));
    command.addAll(1, List.of("-Xmx" + heap, "-XX:+UseSerialGC")); // as the script starts it
    return command;
  }

  private void measure(String what, List<String> command) throws Exception {
    Path output = home.resolve("output.txt");
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    long peak = 0;
    while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peakKilobytes(process.pid()));
      assertThat(seconds(begin)).isLessThan(TIMEOUT.toSeconds());
    }
    row(what, seconds(begin), peak, Files.readString(output));
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  private void measureSpark(List<String> options) throws Exception {
    SparkJob job =
        new MavenComponents(TestStack.ROOT)
            .spark(
                ComponentSettings.in(home, "audit", 0, 1024).withJvmOptions(ComponentJvm.options()),
                new JobSubmission(
                    SparkRelease.SPARK_3_5,
                    "local[2]",
                    BuiltModule.jar("audit-job"),
                    "io.marketstream.audit.job.AuditJob",
                    Optional.empty(),
                    Map.of("spark.sql.shuffle.partitions", "16"),
                    options));
    long begin = System.nanoTime();
    job.start();
    long[] peak = new long[1];
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              job.pid().ifPresent(pid -> peak[0] = Math.max(peak[0], peakKilobytes(pid)));
              return !job.isRunning();
            });
    String output = Files.readString(job.log());
    row("audit as a Spark job, local[2], heap 1 GB", seconds(begin), peak[0], output);
    assertThat(job.exitCode()).as(output).hasValue(0);
    job.close();
  }

  private void row(String what, long seconds, long peakKilobytes, String output) {
    Matcher requests = REQUESTS.matcher(output);
    String row =
        String.format(
            "| %s | %d | %d | %s |",
            what, seconds, peakKilobytes / 1024, requests.find() ? requests.group(1) : "");
    LOG.info(row);
    table.add(row);
  }

  private static long peakKilobytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException ended) {
      return 0;
    }
  }

  private static long seconds(long begin) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
  }

  private static long perSymbol() {
    return TICKS / SYMBOLS;
  }

  /** Returns the time of a tick. The ticks are spread evenly over the day. */
  private static Instant time(long number) {
    return DAY.plusMillis(number * 86_400_000L / perSymbol());
  }

  private static BigDecimal price(long number) {
    return BigDecimal.valueOf(10_000 + number * 7_919 % 1_000, 2);
  }

  private static BigDecimal volume(long number) {
    return BigDecimal.valueOf(1 + number % 300);
  }

  private void writeRows(CqlSession session) throws InterruptedException {
    PreparedStatement tick =
        session.prepare(
            "INSERT INTO ticks (source, symbol, hour, event_time, session, sequence, kind, price,"
                + " volume, conditions, received_at) VALUES ('"
                + SOURCE
                + "', ?, ?, ?, ?, ?, 'trade', ?, ?, ['1'], ?)");
    Semaphore inFlight = new Semaphore(IN_FLIGHT);
    for (int index = 0; index < SYMBOLS; index++) {
      String symbol = symbol(index);
      BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
      Instant hour = DAY;
      for (long number = 0; number < perSymbol(); number++) {
        Instant time = time(number);
        Instant ofTick = time.truncatedTo(ChronoUnit.HOURS);
        if (batch.getStatementsCount() == BATCH || !ofTick.equals(hour)) {
          send(session, batch, inFlight);
          batch = BatchStatement.builder(BatchType.UNLOGGED);
          hour = ofTick;
        }
        batch.addStatement(
            tick.bind(symbol, hour, time, SESSION, number, price(number), volume(number), time));
      }
      send(session, batch, inFlight);
      writeCandles(session, symbol, inFlight);
      writeLatest(session, symbol);
    }
    inFlight.acquire(IN_FLIGHT);
    assertThat(writeFailure).as("a failed write").hasNullValue();
  }

  private void send(CqlSession session, BatchStatementBuilder batch, Semaphore inFlight)
      throws InterruptedException {
    inFlight.acquire();
    session
        .executeAsync(batch.build())
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                writeFailure.compareAndSet(null, failure);
              }
              inFlight.release();
            });
  }

  private void writeCandles(CqlSession session, String symbol, Semaphore inFlight)
      throws InterruptedException {
    BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
    PreparedStatement candle =
        session.prepare(
            "INSERT INTO candles (source, symbol, interval, month, open_time, open, high, low,"
                + " close, volume, vwap, trades, kind) VALUES ('"
                + SOURCE
                + "', ?, '1m', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'trade')");
    long number = 0;
    while (number < perSymbol()) {
      Instant minute = time(number).truncatedTo(ChronoUnit.MINUTES);
      BigDecimal open = price(number);
      BigDecimal high = open;
      BigDecimal low = open;
      BigDecimal close = open;
      BigDecimal volume = BigDecimal.ZERO;
      BigDecimal turnover = BigDecimal.ZERO;
      long trades = 0;
      while (number < perSymbol() && time(number).truncatedTo(ChronoUnit.MINUTES).equals(minute)) {
        BigDecimal price = price(number);
        high = high.max(price);
        low = low.min(price);
        close = price;
        volume = volume.add(volume(number));
        turnover = turnover.add(price.multiply(volume(number)));
        trades++;
        number++;
      }
      batch.addStatement(
          candle.bind(
              symbol,
              LocalDate.ofInstant(minute, ZoneOffset.UTC).withDayOfMonth(1),
              minute,
              open,
              high,
              low,
              close,
              volume,
              turnover.divide(volume, MathContext.DECIMAL128),
              trades));
      if (batch.getStatementsCount() == BATCH) {
        send(session, batch, inFlight);
        batch = BatchStatement.builder(BatchType.UNLOGGED);
      }
    }
    send(session, batch, inFlight);
  }

  private static void writeLatest(CqlSession session, String symbol) {
    long number = perSymbol() - 1;
    Instant time = time(number);
    session.execute(
        "INSERT INTO latest_ticks (source, symbol, hour, event_time, session, sequence, kind,"
            + " price, volume, conditions, received_at) VALUES (?, ?, ?, ?, ?, ?, 'trade', ?, ?,"
            + " ['1'], ?)",
        SOURCE,
        symbol,
        time.truncatedTo(ChronoUnit.HOURS),
        time,
        SESSION,
        number,
        price(number),
        volume(number),
        time);
  }

  /**
   * Writes records in the order of time, as a connector does. Returns the end of each partition.
   */
  private Map<String, Long> writeRecords() {
    Map<String, Long> ends = new HashMap<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                stores.kafka.bootstrapServers(),
                "linger.ms",
                20,
                "batch.size",
                262_144),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (long number = 0; number < perSymbol(); number++) {
        long time = time(number).toEpochMilli();
        for (int index = 0; index < SYMBOLS; index++) {
          String record =
              "{\"source\":\""
                  + SOURCE
                  + "\",\"symbol\":\""
                  + symbol(index)
                  + "\",\"kind\":\"trade\",\"price\":\""
                  + price(number).toPlainString()
                  + "\",\"volume\":\""
                  + volume(number).toPlainString()
                  + "\",\"conditions\":[\"1\"],\"event_time\":"
                  + time
                  + ",\"received_at\":"
                  + time
                  + ",\"session\":"
                  + SESSION
                  + ",\"sequence\":"
                  + number
                  + "}";
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      "market_data",
                      null,
                      time,
                      symbol(index).getBytes(StandardCharsets.UTF_8),
                      record.getBytes(StandardCharsets.UTF_8)),
                  (metadata, failure) -> {
                    if (failure == null) {
                      String partition =
                          new TopicPartition(metadata.topic(), metadata.partition()).toString();
                      ends.merge(partition, metadata.offset() + 1, Math::max);
                    }
                  });
        }
      }
      producer.flush();
    }
    return ends;
  }

  /** The progress of a job that has written everything and will not write more. */
  private static void writeJob(CqlSession session, Map<String, Long> ends) {
    Instant now = Instant.now();
    session.execute(
        "INSERT INTO job_options (job, since, candles, lateness_ms, future_tolerance_ms, topics,"
            + " gaps_topic, rejected_topic, starting_offsets, version) VALUES ('scale', ?, ['1m'],"
            + " 120000, 30000, ['market_data'], 'market_data_gaps', 'market_data_rejected',"
            + " 'earliest', 'x')",
        DAY);
    session.execute(
        "INSERT INTO job_progress (job, query, next_offsets, latest_offsets, complete_until,"
            + " reported_at) VALUES ('scale', 'market_data', ?, ?, ?, ?)",
        ends,
        ends,
        now.plus(1, ChronoUnit.DAYS),
        now.plus(1, ChronoUnit.DAYS));
  }
}
