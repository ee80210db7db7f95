package io.marketstream.local.measure;

import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.KafkaBroker;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the ticks that a run brought into Kafka and Cassandra, each once, and measures their
 * latency with Cassandra's write time.
 */
public final class Measurement implements AutoCloseable {
  private final Clock clock;
  private final TickLedger inKafka;
  private final TickLedger inCassandra;
  private final LatencyRecorder latency = new LatencyRecorder();
  private final TopicReader topics;
  private volatile @Nullable TableReader tables;

  /**
   * Begins to read the topics. No producer may start before this returns.
   *
   * @param clock gives the start of the run; sessions that were opened before it do not count
   */
  public Measurement(Clock clock, KafkaBroker kafka) {
    this.clock = clock;
    Instant runStart = clock.instant();
    this.inKafka = new TickLedger(runStart);
    this.inCassandra = new TickLedger(runStart);
    this.topics = new TopicReader(kafka.bootstrapServers(), inKafka);
    topics.begin();
  }

  /** Begins to read the tables of a keyspace. Call it before the other methods for tables. */
  public void readTables(CassandraNode cassandra, String keyspace) {
    tables = new TableReader(cassandra.session(keyspace), inKafka, inCassandra, latency);
  }

  /** Reads new rows of the tables. */
  public void poll() {
    readingTables().poll(clock.instant());
  }

  /** Ends a second of the recent latency. Call it once per second. */
  public void endOfSecond() {
    latency.endOfSecond();
  }

  public long ticksInKafka() {
    return inKafka.size();
  }

  public long ticksInCassandra() {
    return inCassandra.size();
  }

  public long gaps() {
    return topics.gaps();
  }

  public long rejected() {
    return topics.rejected();
  }

  public Optional<LatencyRecorder.Quantiles> latency() {
    return latency.whole();
  }

  public Optional<LatencyRecorder.Quantiles> recentLatency() {
    return latency.recent();
  }

  /** Returns the newest prices of some sources. */
  public List<LatestPrice> latestPrices(List<String> sources) {
    return sources.stream()
        .flatMap(source -> readingTables().latestPrices(source).stream())
        .toList();
  }

  /**
   * Reads the rows that are missing, and returns whether the topic and the table have everything,
   * except for ticks that the job rejected.
   *
   * @param sent the number of ticks that the topic must have; empty if it is not known
   */
  public boolean isDrained(Optional<Long> sent) {
    readingTables().catchUp();
    boolean allInKafka = sent.map(ticks -> inKafka.size() >= ticks).orElse(true);
    return allInKafka && inCassandra.size() + topics.ticksRejectedByJob() >= inKafka.size();
  }

  @Override
  public void close() {
    topics.close();
    TableReader reader = tables;
    if (reader != null) {
      reader.close();
    }
  }

  private TableReader readingTables() {
    TableReader reader = tables;
    if (reader == null) {
      throw new IllegalStateException("readTables was not called");
    }
    return reader;
  }
}
