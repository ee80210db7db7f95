package io.marketstream.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.ReportText;
import io.marketstream.pipeline.GapRow;
import io.marketstream.pipeline.PipelineAudit;
import io.marketstream.pipeline.ShippedConnectors;
import io.marketstream.pipeline.StoredTick;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.VenueComparison;
import io.marketstream.simulator.coinbase.CoinbaseSimulator;
import io.marketstream.simulator.coinbase.RestRequest;
import io.marketstream.simulator.market.SimMatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seeded rounds in which the simulated Coinbase leaves out trades, connections end, and the worker
 * or the broker is killed during a repair. After each round every trade that the venue made is
 * there once, with its values, or recorded as absent. After the last round, the job stores the same
 * candles as after a run without faults. The tests run in order.
 *
 * <p>{@code -Dfaults.repair-rounds=N} makes N rounds. {@code -Dmarketstream.seed=N
 * -Dfaults.repair-round=M} repeats one round alone.
 */
@Tag("extended")
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TradeRepairIT {

  private static final Logger LOG = LoggerFactory.getLogger(TradeRepairIT.class);
  private static final long SEED = Long.getLong("marketstream.seed", 20261130L);
  private static final int ROUNDS = Integer.getInteger("marketstream.faults.repair-rounds", 10);

  /** 0 for all rounds. */
  private static final int ONLY = Integer.getInteger("marketstream.faults.repair-round", 0);

  private static final double TRADES_PER_SECOND = 150;

  /** A repair may take so long on a busy machine, with a worker that was killed. */
  private static final Duration REPAIR_TIMEOUT = Duration.ofSeconds(150);

  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int MAX_GAPS_SHOWN = 12;

  private TestStack stack;
  private CoinbaseSimulator feed;
  private TradeTopics topics;
  private RoundRun run;

  /** The oldest trade of each product that the connector received, and all later ones. */
  private final Map<String, Long> first = new HashMap<>();

  @BeforeAll
  void startEverything() throws IOException {
    LOG.info("Seed {}, rounds {}", SEED, ONLY == 0 ? "1 to " + ROUNDS : ONLY);
    // The folder is kept, because the log of the worker says how it repaired.
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "trade-repair-");
    stack = TestStack.single(home).start();
    feed =
        CoinbaseSimulator.builder()
            .products(TestPipeline.PRODUCTS.toArray(String[]::new))
            .market(TRADES_PER_SECOND, SEED)
            .start();
    new ShippedConnectors(stack.connect.restUri())
        .createCoinbase(feed, TestPipeline.PRODUCTS, Map.of("reconnect.backoff.max.ms", "500"));
    run = new RoundRun(stack, feed);
    await("stored offsets")
        .atMost(TIMEOUT)
        .ignoreExceptions()
        .until(
            () ->
                stack
                        .connect
                        .rest()
                        .call(
                            "GET",
                            "/connectors/" + TestPipeline.COINBASE_CONNECTOR + "/offsets",
                            null)
                        .findValues("session")
                        .size()
                    >= TestPipeline.PRODUCTS.size());
    topics = new TradeTopics(stack.kafka);
    topics.read();
    for (String product : TestPipeline.PRODUCTS) {
      first.put(product, VenueComparison.since(feed.history(product), topics.ticks()).get(0).id());
    }
  }

  @AfterAll
  void stopEverything() {
    if (topics != null) {
      topics.close();
    }
    if (stack != null) {
      stack.close();
    }
    if (feed != null) {
      feed.close();
    }
  }

  @Test
  @Order(1)
  void eachRoundIsRepaired() throws InterruptedException {
    List<Integer> numbers =
        ONLY == 0 ? IntStream.rangeClosed(1, ROUNDS).boxed().toList() : List.of(ONLY);
    Map<String, Long> mark = new HashMap<>(first);
    for (int number : numbers) {
      RepairRound round = RepairRound.of(SEED, number);
      Instant begin = Instant.now();
      run.begin(round);
      run.halt();
      VenueComparison trades = awaitRepaired(mark);
      assertThat(trades.problems())
          .as(
              "seed %s, %s%n%s%n%s",
              SEED, round, trades.summary(), evidence(trades, begin.toEpochMilli()))
          .isEmpty();
      LOG.info(
          "Repaired after {} ms: {}: {}",
          Duration.between(begin, Instant.now()).toMillis(),
          round,
          trades.summary());
      for (String product : TestPipeline.PRODUCTS) {
        List<SimMatch> history = feed.history(product);
        mark.put(product, history.get(history.size() - 1).id());
      }
      run.end();
    }
    run.halt();
    VenueComparison all = awaitRepaired(first);
    LOG.info(
        "All rounds, seed {}: {}; answers of the history: {}", SEED, all.summary(), answers(0));
    assertThat(all.problems()).as("seed %s, %s", SEED, all.summary()).isEmpty();
    assertThat(all.repaired()).isPositive();
  }

  /** Compares the trades from these ids on until nothing is wrong, or the time is over. */
  private VenueComparison awaitRepaired(Map<String, Long> from) throws InterruptedException {
    Map<String, List<SimMatch>> venue = venue(from);
    Instant end = Instant.now().plus(REPAIR_TIMEOUT);
    VenueComparison trades;
    do {
      Thread.sleep(200); // the pause between two attempts
      topics.read();
      trades =
          VenueComparison.of(
              venue,
              topics.ticks().stream().filter(tick -> isFrom(tick, from)).toList(),
              topics.gaps(),
              run::isRestartBetween);
    } while (!trades.problems().isEmpty() && Instant.now().isBefore(end));
    return trades;
  }

  private static boolean isFrom(StoredTick tick, Map<String, Long> from) {
    return Long.parseLong(tick.tradeId()) >= from.get(tick.symbol());
  }

  private Map<String, List<SimMatch>> venue(Map<String, Long> from) {
    return from.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                product ->
                    feed.history(product.getKey()).stream()
                        .filter(trade -> trade.id() >= product.getValue())
                        .toList()));
  }

  private String evidence(VenueComparison trades, long since) {
    Set<String> products =
        trades.problems().stream()
            .map(VenueComparison.Problem::product)
            .collect(Collectors.toSet());
    List<GapRow> gaps =
        topics.gaps().stream().filter(gap -> products.contains(gap.symbol())).toList();
    return "answers of the history since then: "
        + answers(since)
        + "\n"
        + gaps.subList(Math.max(0, gaps.size() - MAX_GAPS_SHOWN), gaps.size()).stream()
            .map(GapRow::toString)
            .collect(Collectors.joining("\n"))
        + "\nlog: "
        + stack.connect.log();
  }

  /** Returns how often the history answered with each status. */
  private Map<Integer, Long> answers(long since) {
    return feed.restRequests().stream()
        .filter(request -> request.atMs() >= since)
        .collect(Collectors.groupingBy(RestRequest::status, TreeMap::new, Collectors.counting()));
  }

  @Test
  @Order(2)
  void everyGapIsClosedAndRepaired() {
    List<GapRow> gaps = VenueComparison.lastOfEach(topics.gaps());
    List<GapRow> repaired =
        gaps.stream().filter(gap -> gap.isClosed() && gap.repairedAt() != null).toList();

    assertThat(repaired).isNotEmpty();
    assertThat(gaps)
        .filteredOn(gap -> !repaired.contains(gap))
        .allSatisfy(
            gap ->
                assertThat(isLeftByRestart(gap, repaired)).as("seed %s: %s", SEED, gap).isTrue());
  }

  /**
   * A kill can take the source offset with it that has a gap. Its record then stays as it is. Each
   * of its trades is in a repaired gap that begins with a later connection, or was received on it.
   */
  private boolean isLeftByRestart(GapRow gap, List<GapRow> repaired) {
    List<GapRow> later =
        repaired.stream()
            .filter(
                other ->
                    other.symbol().equals(gap.symbol())
                        && other.sessionAfter() != null
                        && other.sessionAfter() > gap.sessionBefore())
            .toList();
    if (gap.firstMissingId() == null) {
      return run.isRestartAfter(gap.start().toEpochMilli()) && !later.isEmpty();
    }
    Set<Long> received =
        topics.ticks().stream()
            .filter(tick -> tick.symbol().equals(gap.symbol()))
            .filter(tick -> tick.session() > gap.sessionBefore())
            .map(tick -> Long.parseLong(tick.tradeId()))
            .collect(Collectors.toSet());
    return run.isRestartAfter(gap.start().toEpochMilli())
        && LongStream.rangeClosed(gap.firstMissingId(), gap.lastMissingId())
            .allMatch(
                id -> received.contains(id) || later.stream().anyMatch(other -> other.namesId(id)));
  }

  @Test
  @Order(3)
  void candlesAreThoseOfARunWithoutFaults() throws InterruptedException {
    stack.startJob();
    Set<VenueCandle> expected = VenueCandle.ofAll(venue(first).values());
    try (CqlSession session = stack.cassandra.session(TestStack.KEYSPACE)) {
      await("the candles of all trades")
          .atMost(TIMEOUT)
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () ->
                  assertThat(VenueCandle.stored(session, TestPipeline.COINBASE))
                      .containsExactlyInAnyOrderElementsOf(expected));
      LOG.info("{} candles are those of a run without faults", expected.size());

      AuditReport audit = PipelineAudit.auditWithoutJournal(stack, session);
      assertThat(audit.findings()).as(String.join("\n", new ReportText(3).lines(audit))).isEmpty();
    }
  }
}
