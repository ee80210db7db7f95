package io.marketstream.pipeline;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A whole pipeline: a {@link TestStack}, and both feeds as simulators in this JVM that record every
 * tick that they wrote to a socket. Not safe for several threads.
 */
public final class TestPipeline implements AutoCloseable {

  public static final String FINNHUB_CONNECTOR = "finnhub-source";
  public static final String COINCAP_CONNECTOR = "coincap-source";

  /** The {@code source} of Finnhub's ticks. */
  public static final String FINNHUB = "finnhub-sim";

  /** The {@code source} of CoinCap's ticks. */
  public static final String COINCAP = "coincap-sim";

  public final TestStack stack;
  public final FinnhubSimulator finnhub;
  public final CoinCapSimulator coincap;

  /** Ticks per second over all symbols. */
  public final double finnhubRate;

  /** Ticks per second over all assets. */
  public final double coincapRate;

  private CqlSession cassandra;
  private ArrivingTicks ticks;

  /**
   * @param stack with a job, not started; the pipeline closes it
   * @param finnhubRate ticks per second over all symbols
   * @param coincapRate ticks per second over all assets
   * @param seed of both markets
   */
  public TestPipeline(TestStack stack, double finnhubRate, double coincapRate, long seed) {
    this(stack, FinnhubSimulator.builder(), finnhubRate, coincapRate, seed);
  }

  /**
   * Makes a pipeline with more settings of the Finnhub simulator.
   *
   * @param settings without a market
   */
  public TestPipeline(
      TestStack stack,
      FinnhubSimulator.Builder settings,
      double finnhubRate,
      double coincapRate,
      long seed) {
    this.stack = stack;
    this.finnhubRate = finnhubRate;
    this.coincapRate = coincapRate;
    finnhub = settings.market(finnhubRate, seed).marketInterval(Duration.ofMillis(200)).start();
    coincap = CoinCapSimulator.builder().market(coincapRate, seed).start();
  }

  /** Starts everything. Returns before there are rows. */
  public TestPipeline start(String symbols, String assets) {
    return start(symbols, assets, Map.of());
  }

  /** Starts everything, with more settings of both connectors. */
  public TestPipeline start(String symbols, String assets, Map<String, String> settings) {
    stack.start();
    cassandra = stack.cassandra.session(TestStack.KEYSPACE);
    ticks = new ArrivingTicks(cassandra, List.of(FINNHUB, COINCAP));
    ShippedConnectors connectors = new ShippedConnectors(stack.connect.restUri());
    connectors.createFinnhub(finnhub, symbols, settings);
    connectors.createCoinCap(coincap, assets, settings);
    stack.startJob();
    return this;
  }

  /** Returns a session that uses the pipeline's keyspace. The pipeline closes it. */
  public CqlSession cassandra() {
    return cassandra;
  }

  /**
   * Waits until the worker has stored offsets of both connectors. If it dies earlier, its next
   * start counts as the first, and records no gap.
   */
  public void awaitStoredOffsets(Duration timeout) {
    await("stored offsets of both connectors")
        .atMost(timeout)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .until(
            () ->
                Stream.of(FINNHUB_CONNECTOR, COINCAP_CONNECTOR)
                    .noneMatch(connector -> storedSessions(connector).isEmpty()));
  }

  /** Returns the session of each offset that the worker has stored for a connector. */
  public List<JsonNode> storedSessions(String connector) {
    return stack
        .connect
        .rest()
        .call("GET", "/connectors/" + connector + "/offsets", null)
        .findValues("session");
  }

  /** Waits until the table of ticks has this many rows of a source. */
  public void awaitRows(String source, int atLeast, Duration timeout) {
    await(atLeast + " rows of " + source)
        .atMost(timeout)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> rows(source).count() >= atLeast);
  }

  /** Returns the sessions of a source in the table of ticks. */
  public Set<Long> sessions(String source) {
    return rows(source).map(row -> row.getLong("session")).collect(Collectors.toSet());
  }

  private Stream<Row> rows(String source) {
    return cassandra.execute("SELECT source, session FROM ticks").all().stream()
        .filter(row -> source.equals(row.getString("source")));
  }

  /** Waits until a tick of each feed that was received after this moment can be read. */
  public void awaitRowsOfBothFeedsSince(Instant moment, Duration timeout) {
    ticks.awaitOfAllSince(moment, timeout);
  }

  /** Returns the age of the newest row of the slower feed. */
  public Duration behind() {
    Instant now = Instant.now();
    return Stream.of(FINNHUB, COINCAP)
        .map(source -> Duration.between(ticks.newest(source), now))
        .max(Duration::compareTo)
        .orElseThrow();
  }

  /** Pauses the feeds, and waits until no newer rows arrive. */
  public void drain(Duration timeout) {
    pauseSending();
    Map<String, Instant> newest = new HashMap<>();
    await("the job has written everything")
        .atMost(timeout)
        .pollInterval(Duration.ofSeconds(5))
        .ignoreExceptions()
        .until(
            () -> {
              Map<String, Instant> before = Map.copyOf(newest);
              for (String source : List.of(FINNHUB, COINCAP)) {
                newest.put(source, ticks.newest(source));
              }
              return newest.equals(before);
            });
  }

  public PipelineAudit audit() {
    return new PipelineAudit(this);
  }

  /** Returns how many ticks were written to sockets. */
  public long sent() {
    return finnhub.sentCount() + coincap.sentCount();
  }

  /** Pauses both feeds. They stay connected. */
  public void pauseSending() {
    finnhub.pauseSending();
    coincap.pauseSending();
  }

  public void resumeSending() {
    finnhub.resumeSending();
    coincap.resumeSending();
  }

  @Override
  public void close() {
    if (cassandra != null) {
      cassandra.close();
    }
    stack.close();
    finnhub.close();
    coincap.close();
  }
}
