package io.marketstream.benchmarks.contender;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a connector is compared with: a websocket client, a streaming parser and a tuned producer in
 * one loop, without Connect. It numbers nothing, checks nothing and knows no restart.
 */
public final class BareLoop extends WebSocketListener {
  private static final JsonFactory JSON = new JsonFactory();

  private final KafkaProducer<String, byte[]> producer;
  private final String topic;
  private final FloodedFeed feed;
  private final int symbols;
  private final long ticks;
  private final CountDownLatch done = new CountDownLatch(1);
  private final StringBuilder record = new StringBuilder(256);
  private long sent;

  private BareLoop(
      KafkaProducer<String, byte[]> producer,
      String topic,
      FloodedFeed feed,
      int symbols,
      long ticks) {
    this.producer = producer;
    this.topic = topic;
    this.feed = feed;
    this.symbols = symbols;
    this.ticks = ticks;
  }

  /**
   * Copies the ticks, and prints {@code ticks=… cpu_ms=…}: processor time of the process since it
   * connected.
   *
   * @param args all required: {@code --feed} (finnhub or coincap), {@code --url}, {@code
   *     --bootstrap-servers}, {@code --topic}, {@code --symbols}, {@code --ticks} (how many to
   *     copy)
   */
  public static void main(String[] args) throws InterruptedException {
    Map<String, String> required = new HashMap<>();
    for (String name :
        new String[] {
          "--feed", "--url", "--bootstrap-servers", "--topic", "--symbols", "--ticks"
        }) {
      required.put(name, null);
    }
    Options options = new Options(args, required);
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", options.text("--bootstrap-servers"),
            "compression.type", "lz4",
            "linger.ms", "5",
            "batch.size", "65536",
            "acks", "all");
    OkHttpClient client = new OkHttpClient();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      BareLoop loop =
          new BareLoop(
              producer,
              options.text("--topic"),
              FloodedFeed.valueOf(options.text("--feed").toUpperCase(Locale.ROOT)),
              (int) options.number("--symbols"),
              options.number("--ticks"));
      producer.partitionsFor(options.text("--topic"));
      long before = cpuNanos();
      client.newWebSocket(new Request.Builder().url(options.text("--url")).build(), loop);
      loop.done.await();
      producer.flush();
      System.out.println("ticks=" + loop.sent + " cpu_ms=" + (cpuNanos() - before) / 1_000_000);
    }
    client.dispatcher().executorService().shutdown();
    System.exit(0);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  @Override
  public void onOpen(WebSocket webSocket, Response response) {
    for (int symbol = 0; symbol < feed.subscriptions(symbols); symbol++) {
      webSocket.send("{\"type\":\"subscribe\",\"symbol\":\"" + feed.symbol(symbol) + "\"}");
    }
  }

  @Override
  public void onMessage(WebSocket webSocket, String frame) {
    long receivedAt = System.currentTimeMillis();
    try (JsonParser parser = JSON.createParser(frame)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (feed == FloodedFeed.COINCAP) {
          copyPrice(field, parser.getText(), receivedAt);
        } else if (field.equals("data")) {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            copyTrade(parser, receivedAt);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (sent >= ticks) {
      done.countDown();
    }
  }

  private void copyTrade(JsonParser parser, long receivedAt) throws IOException {
    String symbol = null;
    String price = null;
    String volume = null;
    long time = 0;
    StringBuilder conditions = new StringBuilder("null");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (field) {
        case "s" -> symbol = parser.getText();
        case "p" -> price = parser.getText();
        case "v" -> volume = parser.getText();
        case "t" -> time = parser.getLongValue();
        default -> {
          if (value == JsonToken.START_ARRAY) {
            conditions.setLength(0);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
              conditions.append(conditions.length() == 0 ? "[\"" : ",\"");
              conditions.append(parser.getText()).append('"');
            }
            conditions.append(']');
          }
        }
      }
    }
    record.setLength(0);
    record
        .append("{\"source\":\"finnhub\",\"kind\":\"trade\",\"symbol\":\"")
        .append(symbol)
        .append("\",\"price\":\"")
        .append(price)
        .append("\",\"volume\":\"")
        .append(volume)
        .append("\",\"conditions\":")
        .append(conditions)
        .append(",\"event_time\":")
        .append(time)
        .append(",\"received_at\":")
        .append(receivedAt)
        .append('}');
    send(symbol);
  }

  private void copyPrice(String asset, String price, long receivedAt) {
    record.setLength(0);
    record
        .append("{\"source\":\"coincap\",\"kind\":\"price\",\"symbol\":\"")
        .append(asset)
        .append("\",\"price\":\"")
        .append(price)
        .append("\",\"received_at\":")
        .append(receivedAt)
        .append('}');
    send(asset);
  }

  private void send(String key) {
    byte[] json = record.toString().getBytes(StandardCharsets.UTF_8);
    var unused = producer.send(new ProducerRecord<>(topic, key, json)); // nobody waits for it
    sent++;
  }
}
