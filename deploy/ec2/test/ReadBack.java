import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads everything that the connectors wrote, and prints what the test checks: ticks per source, missing and repeated
 * numbers, records of gaps and rejects, and the time from the socket to the broker's log in milliseconds.
 *
 * <p>{@code java -cp … ReadBack.java BOOTSTRAP_SERVERS WARM_UP_SECONDS}. The latencies leave out the warm-up.
 */
public final class ReadBack {

  private static final Pattern SOURCE = Pattern.compile("\"source\":\"([^\"]*)\"");
  private static final Pattern RECEIVED_AT = Pattern.compile("\"received_at\":(\\d+)");
  private static final Pattern SESSION = Pattern.compile("\"session\":(\\d+)");
  private static final Pattern SEQUENCE = Pattern.compile("\"sequence\":(\\d+)");

  private final Map<String, Long> ticks = new TreeMap<>();
  private final Map<String, long[]> countAndMaximum = new HashMap<>();
  private long firstReceivedAt = Long.MAX_VALUE;
  private long[] receivedAt = new long[1 << 20];
  private long[] appendedAt = new long[1 << 20];
  private int latencies;

  public static void main(String[] arguments) {
    new ReadBack().run(arguments[0], Long.parseLong(arguments[1]));
  }

  private void run(String bootstrapServers, long warmUpSeconds) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("key.deserializer", StringDeserializer.class.getName());
    properties.put("value.deserializer", StringDeserializer.class.getName());
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(properties)) {
      long read = readAll(consumer, "market_data", true);
      long missing = 0;
      for (long[] one : countAndMaximum.values()) {
        missing += one[1] + 1 - one[0];
      }
      ticks.forEach((source, count) -> System.out.println("ticks " + source + " " + count));
      System.out.println("ticks " + read);
      System.out.println("missing " + missing);
      System.out.println("gaps " + readAll(consumer, "market_data_gaps", false));
      System.out.println("rejects " + readAll(consumer, "market_data_rejected", false));
      printLatencies(firstReceivedAt + warmUpSeconds * 1000);
    }
  }

  private long readAll(KafkaConsumer<String, String> consumer, String topic, boolean isTicks) {
    List<PartitionInfo> partitions = consumer.listTopics().get(topic);
    if (partitions == null) {
      return 0;
    }
    List<TopicPartition> assigned =
        partitions.stream().map(one -> new TopicPartition(topic, one.partition())).toList();
    consumer.assign(assigned);
    consumer.seekToBeginning(assigned);
    Map<TopicPartition, Long> ends = consumer.endOffsets(assigned);
    long read = 0;
    while (assigned.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
      for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
        read++;
        if (isTicks) {
          add(record);
        }
      }
    }
    return read;
  }

  private void add(ConsumerRecord<String, String> record) {
    if (record.timestampType() != TimestampType.LOG_APPEND_TIME) {
      throw new IllegalStateException("market_data has no append times, so there is nothing to measure");
    }
    String source = text(SOURCE, record.value());
    long received = Long.parseLong(text(RECEIVED_AT, record.value()));
    String symbolAndSession = source + ' ' + record.key() + ' ' + text(SESSION, record.value());
    long[] one = countAndMaximum.computeIfAbsent(symbolAndSession, key -> new long[] {0, -1});
    one[0]++;
    one[1] = Math.max(one[1], Long.parseLong(text(SEQUENCE, record.value())));
    ticks.merge(source, 1L, Long::sum);
    firstReceivedAt = Math.min(firstReceivedAt, received);
    if (latencies == receivedAt.length) {
      receivedAt = Arrays.copyOf(receivedAt, latencies * 2);
      appendedAt = Arrays.copyOf(appendedAt, latencies * 2);
    }
    receivedAt[latencies] = received;
    appendedAt[latencies++] = record.timestamp();
  }

  private void printLatencies(long from) {
    long[] sorted = new long[latencies];
    int used = 0;
    for (int i = 0; i < latencies; i++) {
      if (receivedAt[i] >= from) {
        sorted[used++] = appendedAt[i] - receivedAt[i];
      }
    }
    sorted = Arrays.copyOf(sorted, used);
    Arrays.sort(sorted);
    if (used > 0) {
      System.out.println("p50 " + sorted[used / 2]);
      System.out.println("p99 " + sorted[(int) (used * 0.99)]);
      System.out.println("p999 " + sorted[(int) (used * 0.999)]);
      System.out.println("max " + sorted[used - 1]);
    }
  }

  private static String text(Pattern pattern, String json) {
    Matcher matcher = pattern.matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in " + json);
    }
    return matcher.group(1);
  }
}
