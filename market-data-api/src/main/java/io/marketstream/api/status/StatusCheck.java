package io.marketstream.api.status;

import io.marketstream.api.cassandra.Database;
import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.query.Candles;
import io.marketstream.api.query.Completeness;
import io.marketstream.api.query.Gaps;
import io.marketstream.api.query.Jobs;
import io.marketstream.api.query.Latency;
import io.marketstream.api.query.Symbols;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Looks at a pipeline once. The parts are read at the same time. One that fails, or takes too long,
 * does not keep the others from being shown.
 */
public final class StatusCheck {
  /** Over which time the rate of ticks is measured, at least. */
  private static final Duration RATE_SPAN = Duration.ofSeconds(2);

  private static final Duration MAX_REQUEST_TIMEOUT = Duration.ofSeconds(5);
  private static final int CONCURRENT_SYMBOLS = 16;
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final StatusTarget target;
  private final Clock clock;
  private final long deadline;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "status");
            thread.setDaemon(true);
            return thread;
          });

  private StatusCheck(StatusTarget target, Clock clock) {
    this.target = target;
    this.clock = clock;
    this.deadline = System.nanoTime() + target.timeout().toNanos();
  }

  /** Looks at everything, within the timeout. */
  public static Status run(StatusTarget target, Clock clock) throws InterruptedException {
    StatusCheck check = new StatusCheck(target, clock);
    try {
      return check.look();
    } finally {
      check.threads.shutdown(); // the threads are daemons, and end by themselves
    }
  }

  private Status look() throws InterruptedException {
    CompletableFuture<Connectors> connectors =
        target
            .connect()
            .map(connect -> async(() -> new ConnectWorkers(connect, requestTimeout()).ask()))
            .orElseGet(CompletableFuture::new);
    KafkaLook kafka = new KafkaLook();
    target.kafka().ifPresent(topics -> threads.execute(() -> kafka.read(topics)));
    CassandraLook cassandra = new CassandraLook(kafka);

    List<Section> sections = new ArrayList<>();
    sections.add(
        section(
            Connectors.NAME,
            target.connect().isPresent() ? "" : "--connect",
            connectors.thenApply(Connectors::section)));
    String noKafka = target.kafka().isPresent() ? "" : "--bootstrap-servers";
    sections.add(
        section(Feeds.NAME, noKafka, kafka.feeds.thenCombine(sources(connectors), Feed::section)));
    sections.add(section(TickRate.NAME, noKafka, kafka.rate));
    String noCassandra = target.cassandra().isPresent() ? "" : "--cassandra";
    sections.add(section(JobLag.NAME, noCassandra, cassandra.jobs));
    sections.add(section(WriteLatency.NAME, noCassandra, cassandra.latency));
    sections.add(section(RecentGaps.NAME, noCassandra, cassandra.gaps));
    sections.add(section(Today.NAME, noCassandra, cassandra.today));
    cassandra.close();
    return new Status(clock.instant(), sections);
  }

  private CompletableFuture<Optional<Set<String>>> sources(
      CompletableFuture<Connectors> connectors) {
    return target.connect().isEmpty()
        ? CompletableFuture.completedFuture(Optional.empty())
        : connectors.handle((found, failure) -> found == null ? Optional.empty() : found.sources());
  }

  /** Heartbeats, and when they were read. */
  private record Feed(Collection<Heartbeat> heartbeats, long at) {
    Section section(Optional<Set<String>> sources) {
      return Feeds.section(heartbeats, sources, at);
    }
  }

  /**
   * Waits for a part.
   *
   * @param option the option that names it; empty if it was named
   */
  private Section section(String name, String option, CompletableFuture<Section> part)
      throws InterruptedException {
    if (!option.isEmpty()) {
      return Section.notAsked(name, option);
    }
    try {
      return part.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Section.unreadable(
          name, "no answer within " + Words.duration(target.timeout().toMillis()));
    } catch (ExecutionException e) {
      return Section.unreadable(name, Reasons.of(e));
    }
  }

  private Duration requestTimeout() {
    Duration half = target.timeout().dividedBy(2);
    return half.compareTo(MAX_REQUEST_TIMEOUT) < 0 ? half : MAX_REQUEST_TIMEOUT;
  }

  private <T> CompletableFuture<T> async(Callable<T> ask) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return ask.call();
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        threads);
  }

  /** What Kafka says. One thread reads it. */
  private final class KafkaLook {
    final CompletableFuture<TopicReader.Ends> ends = new CompletableFuture<>();
    final CompletableFuture<Feed> feeds = new CompletableFuture<>();
    final CompletableFuture<Section> rate = new CompletableFuture<>();

    void read(StatusTarget.Kafka topics) {
      try (TopicReader reader = new TopicReader(topics, requestTimeout())) {
        TopicReader.Ends before = reader.ends();
        ends.complete(before);
        complete(feeds, () -> new Feed(reader.heartbeats(), clock.millis()));
        complete(
            rate,
            () -> {
              long wait = RATE_SPAN.toNanos() - (System.nanoTime() - before.at());
              TimeUnit.NANOSECONDS.sleep(Math.max(0, wait));
              return TickRate.section(topics.ticks(), before, reader.ends());
            });
      } catch (RuntimeException e) {
        IOException failure =
            new IOException(
                "Kafka cannot be reached at "
                    + topics.settings().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                    + ": "
                    + Reasons.of(e));
        ends.completeExceptionally(failure);
        feeds.completeExceptionally(failure);
        rate.completeExceptionally(failure);
      }
    }

    private <T> void complete(CompletableFuture<T> future, Callable<T> ask) {
      try {
        future.complete(ask.call());
      } catch (InterruptedException | InterruptException e) {
        Thread.currentThread().interrupt();
        future.completeExceptionally(e);
      } catch (Exception e) {
        future.completeExceptionally(e);
      }
    }
  }

  /** What the tables say. */
  private final class CassandraLook {
    final CompletableFuture<Section> jobs;
    final CompletableFuture<Section> latency;
    final CompletableFuture<Section> gaps;
    final CompletableFuture<Section> today;
    private final CompletableFuture<Database> opened;

    CassandraLook(KafkaLook kafka) {
      opened =
          target
              .cassandra()
              .map(
                  settings ->
                      async(
                          () -> {
                            Database database = new Database(settings);
                            database.open();
                            return database;
                          }))
              .orElseGet(CompletableFuture::new);
      CompletableFuture<Optional<Map<String, Long>>> ends =
          target.kafka().isEmpty()
              ? CompletableFuture.completedFuture(Optional.empty())
              : kafka.ends.handle(
                  (known, failure) ->
                      Optional.ofNullable(known).map(TopicReader.Ends::byPartition));
      // The ends first: records that arrive meanwhile are not lag.
      jobs =
          ends.thenCompose(
              known ->
                  opened
                      .thenCompose(database -> new Jobs(database).current())
                      .thenApply(
                          found ->
                              JobLag.section(found, known, target.maxDelay(), clock.millis())));
      CompletableFuture<Queries> queries = opened.thenApply(Queries::new);
      latency = queries.thenCompose(Queries::latency);
      gaps = queries.thenCompose(Queries::gaps);
      today = queries.thenCompose(Queries::today);
    }

    /** Does not wait for the connections to end. */
    void close() {
      var unused = opened.thenAcceptAsync(Database::close, threads);
    }
  }

  /** The queries of the API. */
  private final class Queries {
    private final Database database;
    private final Gaps gaps;
    private final Symbols symbols;
    private final Completeness completeness;

    Queries(Database database) {
      this.database = database;
      gaps = new Gaps(database);
      Candles candles = new Candles(database, System::nanoTime);
      symbols = new Symbols(database, candles, gaps, clock, System::nanoTime);
      completeness = new Completeness(database, symbols, candles, gaps, clock);
    }

    CompletableFuture<Section> latency() {
      return symbols
          .latest()
          .thenCompose(latest -> new Latency(database).newest(latest.values()))
          .thenApply(found -> WriteLatency.section(found, target.maxDelay(), clock.millis()));
    }

    CompletableFuture<Section> gaps() {
      long now = clock.millis();
      return symbols
          .latest()
          .thenCompose(
              latest -> gaps.between(latest.keySet(), now - RecentGaps.SPAN.toMillis(), now))
          .thenApply(found -> RecentGaps.section(found, now));
    }

    CompletableFuture<Section> today() {
      long from = Math.floorDiv(clock.millis(), DAY_MS) * DAY_MS;
      return symbols
          .latest()
          .thenCompose(
              latest ->
                  MarketTables.each(
                      List.copyOf(latest.keySet()), CONCURRENT_SYMBOLS, each -> today(each, from)))
          .thenApply(Today::section);
    }

    private CompletableFuture<Today.OfSymbol> today(Instrument instrument, long from) {
      return completeness
          .soFar(instrument, from, from + DAY_MS)
          .thenApply(coverage -> new Today.OfSymbol(instrument, coverage));
    }
  }
}
