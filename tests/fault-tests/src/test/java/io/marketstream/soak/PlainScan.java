package io.marketstream.soak;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The program that an audit is compared with. It reads every column of every row of some hours,
 * four symbols at a time. With a broker it also reads every record of the topic. It checks nothing.
 */
final class PlainScan {
  private static final int SYMBOLS_AT_ONCE = 4;

  private PlainScan() {}

  /**
   * Prints how many rows and records were read.
   *
   * @param args port of Cassandra, first hour, number of hours, number of symbols, and the brokers
   *     if the topic is to be read
   */
  public static void main(String[] args) throws Exception {
    long rows = 0;
    try (CqlSession session =
        CqlSession.builder()
            .addContactPoint(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))
            .withLocalDatacenter("datacenter1")
            .withKeyspace("market_data")
            .build()) {
      PreparedStatement select =
          session.prepare(
              "SELECT session, sequence, event_time, received_at, kind, price, volume, conditions"
                  + " FROM ticks WHERE source = ? AND symbol = ? AND hour = ?");
      Instant first = Instant.parse(args[1]);
      int hours = Integer.parseInt(args[2]);
      ExecutorService threads = Executors.newFixedThreadPool(SYMBOLS_AT_ONCE);
      List<Callable<Long>> symbols = new ArrayList<>();
      for (int symbol = 0; symbol < Integer.parseInt(args[3]); symbol++) {
        String name = AuditScaleIT.symbol(symbol);
        symbols.add(
            () -> {
              long read = 0;
              for (int hour = 0; hour < hours; hour++) {
                for (Row row :
                    session.execute(
                        select.bind(
                            AuditScaleIT.SOURCE, name, first.plus(hour, ChronoUnit.HOURS)))) {
                  read += touch(row);
                }
              }
              return read;
            });
      }
      for (Future<Long> read : threads.invokeAll(symbols)) {
        rows += read.get();
      }
      threads.shutdown();
    }
    System.out.println("rows " + rows + ", records " + (args.length > 4 ? records(args[4]) : 0));
  }

  private static int touch(Row row) {
    boolean isWhole =
        row.getLong("session") > 0
            && row.getLong("sequence") >= 0
            && row.getInstant("event_time") != null
            && row.getInstant("received_at") != null
            && row.getString("kind") != null
            && row.getBigDecimal("price") != null
            && row.getBigDecimal("volume") != null
            && row.getList("conditions", String.class) != null;
    return isWhole ? 1 : 0;
  }

  private static long records(String brokers) {
    long records = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", brokers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor("market_data").stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        records += consumer.poll(Duration.ofMillis(200)).count();
      }
    }
    return records;
  }
}
