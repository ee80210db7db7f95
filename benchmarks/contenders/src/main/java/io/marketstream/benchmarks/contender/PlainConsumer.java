package io.marketstream.benchmarks.contender;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program that a user would write without Spark: one thread that polls a Kafka consumer, writes
 * what it got with the Cassandra driver, waits for all acknowledgements and polls again. Rows of
 * one partition share a batch of at most 50. It fills {@code ticks} alone, and checks nothing.
 */
public final class PlainConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(PlainConsumer.class);
  private static final int MAX_ROWS = 50;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CqlSession session;
  private final PreparedStatement insert;

  private PlainConsumer(CqlSession session) {
    this.session = session;
    this.insert =
        session.prepare(
            "INSERT INTO ticks (source, symbol, hour, event_time, session, sequence, kind, price,"
                + " volume, conditions, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  }

  /**
   * Runs until it is killed.
   *
   * @param args {@code --bootstrap-servers}, {@code --topic}, {@code --keyspace} and {@code
   *     --cassandra HOST:PORT}, each with a value
   */
  public static void main(String[] args) throws IOException {
    Map<String, String> required = new HashMap<>();
    Arrays.asList("--bootstrap-servers", "--topic", "--keyspace", "--cassandra")
        .forEach(name -> required.put(name, null));
    Options options = new Options(args, required);
    String[] address = options.text("--cassandra").split(":", 2);
    try (CqlSession session =
            CqlSession.builder()
                .addContactPoint(new InetSocketAddress(address[0], Integer.parseInt(address[1])))
                .withLocalDatacenter("datacenter1")
                .withKeyspace(options.text("--keyspace"))
                .withConfigLoader(
                    DriverConfigLoader.programmaticBuilder()
                        .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(10))
                        .build())
                .build();
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of(
                    ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    options.text("--bootstrap-servers"),
                    ConsumerConfig.GROUP_ID_CONFIG,
                    options.text("--topic"),
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      PlainConsumer writer = new PlainConsumer(session);
      consumer.subscribe(List.of(options.text("--topic")));
      LOG.info("started {}", options.text("--topic"));
      while (true) {
        writer.write(consumer.poll(Duration.ofSeconds(1)));
      }
    }
  }

  private record Partition(String symbol, Instant hour) {}

  private void write(Iterable<ConsumerRecord<byte[], byte[]>> records) throws IOException {
    Map<Partition, BatchStatementBuilder> batches = new HashMap<>();
    List<CompletionStage<?>> sent = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      JsonNode tick = JSON.readTree(record.value());
      Instant time = Instant.ofEpochMilli(tick.get("event_time").asLong());
      String symbol = tick.get("symbol").asText();
      List<String> conditions = new ArrayList<>();
      tick.get("conditions").forEach(code -> conditions.add(code.asText()));
      Partition partition = new Partition(symbol, time.truncatedTo(ChronoUnit.HOURS));
      BatchStatementBuilder batch =
          batches.computeIfAbsent(partition, key -> BatchStatement.builder(BatchType.UNLOGGED));
      batch.addStatement(
          insert.bind(
              tick.get("source").asText(),
              symbol,
              partition.hour(),
              time,
              tick.get("session").asLong(),
              tick.get("sequence").asLong(),
              tick.get("kind").asText(),
              new BigDecimal(tick.get("price").asText()),
              new BigDecimal(tick.get("volume").asText()),
              conditions,
              Instant.ofEpochMilli(tick.get("received_at").asLong())));
      if (batch.getStatementsCount() == MAX_ROWS) {
        sent.add(session.executeAsync(batch.build()));
        batches.remove(partition);
      }
    }
    batches.values().forEach(batch -> sent.add(session.executeAsync(batch.build())));
    CompletableFuture.allOf(
            sent.stream()
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new))
        .join();
  }
}
