package io.marketstream.pipeline;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coincap.CoinCapSimulator;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.server.FeedSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A whole pipeline: a {@link TestStack}, and the feeds as simulators in this JVM that record every
 * tick that they wrote to a socket. Finnhub and CoinCap always take part, and Coinbase if its rate
 * is above 0. Not safe for several threads.
 */
public final class TestPipeline implements AutoCloseable {

  public static final String FINNHUB_CONNECTOR = "finnhub-source";
  public static final String COINCAP_CONNECTOR = "coincap-source";
  public static final String COINBASE_CONNECTOR = "coinbase-source";

  /** The {@code source} of Finnhub's ticks. */
  public static final String FINNHUB = "finnhub-sim";

  /** The {@code source} of CoinCap's ticks. */
  public static final String COINCAP = "coincap-sim";

  /** The {@code source} of Coinbase's ticks. */
  public static final String COINBASE = "coinbase-sim";

  /** The products of Coinbase. */
  public static final List<String> PRODUCTS = List.of("BTC-USD", "ETH-USD", "SOL-USD");

  public final TestStack stack;
  public final FinnhubSimulator finnhub;
  public final CoinCapSimulator coincap;

  /** Null in a pipeline without Coinbase. */
  public final CoinbaseSimulator coinbase;

  public final FeedRates rates;

  private CqlSession cassandra;
  private ArrivingTicks ticks;

  /**
   * @param stack with a job, not started; the pipeline closes it
   * @param seed of the markets
   */
  public TestPipeline(TestStack stack, FeedRates rates, long seed) {
    this(stack, FinnhubSimulator.builder(), rates, seed);
  }

  /**
   * Makes a pipeline with more settings of the Finnhub simulator.
   *
   * @param settings without a market
   */
  public TestPipeline(
      TestStack stack, FinnhubSimulator.Builder settings, FeedRates rates, long seed) {
    this.stack = stack;
    this.rates = rates;
    finnhub = settings.market(rates.finnhub(), seed).marketInterval(Duration.ofMillis(200)).start();
    coincap = CoinCapSimulator.builder().market(rates.coincap(), seed).start();
    coinbase =
        rates.coinbase() > 0
            ? CoinbaseSimulator.builder()
                .products(PRODUCTS.toArray(String[]::new))
                .market(rates.coinbase(), seed)
                .start()
            : null;
  }

  /** Starts everything. Returns before there are rows. */
  public TestPipeline start(String symbols, String assets) {
    return start(symbols, assets, Map.of());
  }

  /** Starts everything, with more settings of all connectors. */
  public TestPipeline start(String symbols, String assets, Map<String, String> settings) {
    stack.start();
    cassandra = stack.cassandra.session(TestStack.KEYSPACE);
    ticks = new ArrivingTicks(cassandra, sources());
    ShippedConnectors connectors = new ShippedConnectors(stack.connect.restUri());
    connectors.createFinnhub(finnhub, symbols, settings);
    connectors.createCoinCap(coincap, assets, settings);
    if (coinbase != null) {
      connectors.createCoinbase(coinbase, PRODUCTS, settings);
    }
    stack.startJob();
    return this;
  }

  /** Returns the simulators of the feeds. */
  public List<FeedSimulator> feeds() {
    return coinbase == null ? List.of(finnhub, coincap) : List.of(finnhub, coincap, coinbase);
  }

  /** Returns the {@code source} of each feed. */
  public List<String> sources() {
    return ofEachFeed(FINNHUB, COINCAP, COINBASE);
  }

  /** Returns the name of each feed's connector. */
  public List<String> connectors() {
    return ofEachFeed(FINNHUB_CONNECTOR, COINCAP_CONNECTOR, COINBASE_CONNECTOR);
  }

  private List<String> ofEachFeed(String... names) {
    return List.of(names).subList(0, feeds().size());
  }

  /** Returns a session that uses the pipeline's keyspace. The pipeline closes it. */
  public CqlSession cassandra() {
    return cassandra;
  }

  /**
   * Waits until the worker has stored offsets of all connectors. If it dies earlier, its next start
   * counts as the first, and records no gap.
   */
  public void awaitStoredOffsets(Duration timeout) {
    await("stored offsets of all connectors")
        .atMost(timeout)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .until(
            () ->
                connectors().stream().noneMatch(connector -> storedSessions(connector).isEmpty()));
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
  public void awaitRowsOfEachFeedSince(Instant moment, Duration timeout) {
    ticks.awaitOfAllSince(moment, timeout);
  }

  /** Returns the age of the newest row of the slowest feed. */
  public Duration behind() {
    Instant now = Instant.now();
    return sources().stream()
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
              for (String source : sources()) {
                newest.put(source, ticks.newest(source));
              }
              return newest.equals(before);
            });
  }

  public PipelineAudit audit() {
    return new PipelineAudit(this);
  }

  /**
   * Returns how many ticks without a trade id were written to sockets. {@link VenueComparison}
   * counts the trades of Coinbase.
   */
  public long sent() {
    return finnhub.sentCount() + coincap.sentCount();
  }

  /** Pauses the feeds. They stay connected. */
  public void pauseSending() {
    feeds().forEach(FeedSimulator::pauseSending);
  }

  public void resumeSending() {
    feeds().forEach(FeedSimulator::resumeSending);
  }

  /**
   * Compares the rows of Coinbase with the trades of its venue. The venue must be paused. Whether a
   * trade may come live a second time is judged by the audit.
   */
  public VenueComparison compareWithVenue() {
    List<GapRow> gaps = ofCoinbase(GapRow.all(cassandra), GapRow::source);
    List<StoredTick> rows =
        ofCoinbase(StoredTick.all(cassandra, TestStack.KEYSPACE), StoredTick::source);
    return VenueComparison.of(
        PRODUCTS.stream()
            .collect(
                Collectors.toMap(
                    product -> product,
                    product -> VenueComparison.since(coinbase.history(product), rows))),
        rows,
        gaps,
        (earlier, later) ->
            gaps.stream()
                .map(GapRow::sessionAfter)
                .anyMatch(session -> session != null && earlier < session && session <= later));
  }

  private static <T> List<T> ofCoinbase(Collection<T> rows, Function<T, String> source) {
    return rows.stream().filter(row -> source.apply(row).equals(COINBASE)).toList();
  }

  @Override
  public void close() {
    if (cassandra != null) {
      cassandra.close();
    }
    stack.close();
    feeds().forEach(FeedSimulator::close);
  }
}
