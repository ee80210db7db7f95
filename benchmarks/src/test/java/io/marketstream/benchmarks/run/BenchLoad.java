package io.marketstream.benchmarks.run;

import io.marketstream.benchmarks.contender.BenchTick;
import io.marketstream.embedded.component.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A bare producer that writes ticks at a steady rate from a thread of its own, until it is stopped.
 * It sets the time of each tick when it passes it to the producer.
 */
final class BenchLoad implements AutoCloseable {
  private static final long PAUSE_MS = 2;

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final int symbols;
  private final int ticksPerSecond;
  private final TickSet published = new TickSet();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "bench-load");
  private volatile boolean paused;
  private volatile boolean stopped;

  private BenchLoad(
      KafkaBroker kafka, String topic, int symbols, int ticksPerSecond, Map<String, Object> more) {
    this.producer =
        new KafkaProducer<>(
            config(kafka, more), new ByteArraySerializer(), new ByteArraySerializer());
    this.topic = topic;
    this.symbols = symbols;
    this.ticksPerSecond = ticksPerSecond;
  }

  private static Map<String, Object> config(KafkaBroker kafka, Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    // Sends one request at a time, like Connect's producers. On a new partition the broker may
    // refuse the first of two requests and accept the second. It then refuses the first for ever as
    // out of sequence.
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    return config;
  }

  /** Starts to write. */
  static BenchLoad start(BenchStores stores, String topic, int symbols, int ticksPerSecond) {
    BenchLoad load =
        new BenchLoad(
            stores.kafka,
            topic,
            symbols,
            ticksPerSecond,
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
    load.thread.start();
    return load;
  }

  /**
   * Writes ticks as fast as the broker accepts them, one per millisecond of event time.
   *
   * @param begin event time of the first tick, epoch ms
   */
  static TickSet fill(BenchStores stores, String topic, long ticks, int symbols, long begin) {
    try (BenchLoad load =
        new BenchLoad(
            stores.kafka,
            topic,
            symbols,
            0,
            Map.of(
                ProducerConfig.LINGER_MS_CONFIG, 20, ProducerConfig.BATCH_SIZE_CONFIG, 65_536))) {
      for (long number = 0; number < ticks; number++) {
        load.send(BenchTick.of(number, symbols, begin));
      }
      return load.stop();
    }
  }

  private void run() {
    long begin = System.nanoTime();
    long sent = 0;
    try {
      while (!stopped) {
        if (paused) {
          Thread.sleep(PAUSE_MS);
          begin = System.nanoTime() - sent * TimeUnit.SECONDS.toNanos(1) / ticksPerSecond;
          continue;
        }
        long due = (System.nanoTime() - begin) * ticksPerSecond / TimeUnit.SECONDS.toNanos(1);
        for (; sent < due; sent++) {
          int symbol = (int) (sent % symbols);
          send(new BenchTick(symbol, sent / symbols, System.currentTimeMillis()));
        }
        Thread.sleep(PAUSE_MS);
      }
    } catch (InterruptedException | RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void send(BenchTick tick) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                topic,
                tick.name().getBytes(StandardCharsets.UTF_8),
                tick.json().getBytes(StandardCharsets.UTF_8)),
            (metadata, failed) -> failure.compareAndSet(null, failed));
    published.add(tick);
  }

  /** Writes nothing until {@link #resume}. */
  void pause() {
    paused = true;
  }

  /** Continues at the same rate. What was not written meanwhile is left out. */
  void resume() {
    paused = false;
  }

  /** Stops the load. Returns the published ticks when the broker has all of them. */
  TickSet stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw BenchStores.interrupted(e);
    }
    producer.flush();
    if (failure.get() != null) {
      throw new AssertionError("a tick was not published", failure.get());
    }
    return published;
  }

  @Override
  public void close() {
    stopped = true;
    producer.close();
  }
}
