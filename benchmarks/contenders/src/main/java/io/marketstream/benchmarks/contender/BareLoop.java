package io.marketstream.benchmarks.contender;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
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
 * What the Finnhub connector is compared with: a websocket client, a streaming parser and a tuned
 * producer in one loop, without Connect. It numbers nothing, checks nothing and knows no restart.
 */
public final class BareLoop extends WebSocketListener {
  private static final JsonFactory JSON = new JsonFactory();

  private final KafkaProducer<String, byte[]> producer;
  private final String topic;
  private final int symbols;
  private final long trades;
  private final CountDownLatch done = new CountDownLatch(1);
  private final StringBuilder record = new StringBuilder(256);
  private long sent;

  private BareLoop(KafkaProducer<String, byte[]> producer, String topic, int symbols, long trades) {
    this.producer = producer;
    this.topic = topic;
    this.symbols = symbols;
    this.trades = trades;
  }

  /**
   * Copies the trades, and prints {@code trades=… cpu_ms=…}: processor time of the process since it
   * connected.
   *
   * @param args all required: {@code --url}, {@code --bootstrap-servers}, {@code --topic}, {@code
   *     --symbols}, {@code --trades} (how many to copy)
   */
  public static void main(String[] args) throws InterruptedException {
    Map<String, String> required = new HashMap<>();
    for (String name :
        new String[] {"--url", "--bootstrap-servers", "--topic", "--symbols", "--trades"}) {
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
              (int) options.number("--symbols"),
              options.number("--trades"));
      producer.partitionsFor(options.text("--topic"));
      long before = cpuNanos();
      client.newWebSocket(new Request.Builder().url(options.text("--url")).build(), loop);
      loop.done.await();
      producer.flush();
      System.out.println("trades=" + loop.sent + " cpu_ms=" + (cpuNanos() - before) / 1_000_000);
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
    for (int symbol = 0; symbol < symbols; symbol++) {
      webSocket.send("{\"type\":\"subscribe\",\"symbol\":\"" + TradeFlood.symbol(symbol) + "\"}");
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
        if (field.equals("data")) {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            copyTrade(parser, receivedAt);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (sent >= trades) {
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
    byte[] json = record.toString().getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topic, symbol, json));
    sent++;
  }
}
