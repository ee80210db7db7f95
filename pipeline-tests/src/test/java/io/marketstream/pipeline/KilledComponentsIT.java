package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.simulator.CoinCapSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import io.marketstream.simulator.SentTick;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills parts of the running pipeline, then asks: is every tick that was written to a socket either
 * a row, as it was sent and once, or inside a recorded gap of its symbol?
 */
class KilledComponentsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final long SEED = 20261123;
  private static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "BINANCE:BTCUSDT");
  private static final String FINNHUB = "finnhub-sim";
  private static final String COINCAP = "coincap-sim";

  @TempDir Path home;
  private final FinnhubSimulator finnhub =
      FinnhubSimulator.builder().market(60, SEED).marketInterval(Duration.ofMillis(200)).start();
  private final CoinCapSimulator coincap = CoinCapSimulator.builder().market(40, SEED).start();
  private RealComponents pipeline;
  private CqlSession cassandra;

  @AfterEach
  void stopEverything() {
    if (cassandra != null) {
      cassandra.close();
    }
    if (pipeline != null) {
      pipeline.close();
    }
    finnhub.close();
    coincap.close();
  }

  @Test
  void everyTickIsARowOrInsideARecordedGapWhateverIsKilled() throws Exception {
    pipeline = new RealComponents(home).start();
    cassandra = pipeline.cassandra.session();
    pipeline.createFinnhub(finnhub, String.join(",", SYMBOLS));
    pipeline.createCoinCap(coincap, "bitcoin,ethereum");
    pipeline.startJob();
    awaitRows(FINNHUB, 100);
    awaitRows(COINCAP, 50);

    finnhub.faults().drop(); // the connector reconnects by itself
    awaitNewSession(FINNHUB, 2);
    awaitStoredOffsets("finnhub-source");
    awaitStoredOffsets("coincap-source");
    pipeline.job.kill();
    pipeline.connect.kill();
    pipeline.connect.start();
    finnhub.awaitSubscribed(SYMBOLS, PATIENCE);
    pipeline.job.start();
    awaitNewSession(FINNHUB, 3);
    awaitNewSession(COINCAP, 2);
    finnhub.pauseSending();
    coincap.pauseSending();
    awaitAccounts();

    assertThat(GapRow.all(cassandra)).allMatch(GapRow::isClosed);
    // Where the kill came before the end of that gap was stored, the restart went on with it.
    assertThat(causes(FINNHUB)).contains("CONNECTION_LOST");
    assertThat(causes(COINCAP)).containsOnly("TASK_RESTART");
  }

  private List<String> causes(String source) {
    return GapRow.all(cassandra).stream()
        .filter(gap -> gap.source().equals(source))
        .map(GapRow::cause)
        .toList();
  }

  private void awaitRows(String source, int atLeast) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                StoredTick.bySession(cassandra, source).values().stream().mapToInt(List::size).sum()
                    >= atLeast);
  }

  private void awaitNewSession(String source, int sessions) {
    await().atMost(PATIENCE).until(() -> StoredTick.sessions(cassandra, source).size() >= sessions);
  }

  /** Until the worker has stored where the feed stands: a kill before that leaves a first start. */
  private void awaitStoredOffsets(String connector) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                !pipeline
                    .connect
                    .rest()
                    .call("GET", "/connectors/" + connector + "/offsets", null)
                    .findValues("session")
                    .isEmpty());
  }

  private void awaitAccounts() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertAccounted(FINNHUB, finnhub.sent());
              assertAccounted(COINCAP, coincap.sent());
            });
  }

  /**
   * Row by row and tick by tick: no row that was not sent, none twice, none altered, and no loss
   * without a gap.
   */
  private void assertAccounted(String source, List<SentTick> sent) {
    Map<Long, List<SentTick>> connections =
        sent.stream().collect(Collectors.groupingBy(SentTick::connectionOpenedAt));
    Map<SentTick, Long> stored = new HashMap<>();
    Map<Long, Long> sessionOfConnection = new HashMap<>();
    StoredTick.bySession(cassandra, source)
        .forEach(
            (session, rows) -> {
              long openedAt = nearest(session, connections.keySet());
              sessionOfConnection.put(openedAt, session);
              Map<String, SentTick> delivered = bySequence(connections.get(openedAt));
              for (StoredTick row : rows) {
                SentTick origin = delivered.get(row.symbol() + '/' + row.sequence());
                assertThat(origin).as("what was sent for %s of %d", row, session).isNotNull();
                assertThat(row).isEqualTo(StoredTick.of(origin, source));
                stored.merge(origin, 1L, Long::sum);
              }
            });
    List<GapRow> gaps =
        GapRow.all(cassandra).stream().filter(gap -> gap.source().equals(source)).toList();
    List<SentTick> unexplained =
        sent.stream()
            .filter(tick -> !stored.containsKey(tick))
            .filter(
                tick ->
                    gaps.stream()
                        .filter(gap -> gap.symbol().equals(tick.symbol()))
                        .noneMatch(
                            gap ->
                                gap.explains(
                                    sessionOfConnection.get(tick.connectionOpenedAt()),
                                    tick.sequence(),
                                    tick.writtenAt())))
            .toList();
    assertThat(stored.values()).as("how often each tick is stored").containsOnly(1L);
    assertThat(unexplained).as("ticks that are neither rows nor in a gap of %s", gaps).isEmpty();
  }

  /**
   * A session begins when its connection opens, on one machine and one clock: the nearest one is
   * its own.
   */
  private static long nearest(long session, Set<Long> openings) {
    return openings.stream()
        .min(Comparator.comparingLong(openedAt -> Math.abs(openedAt - session)))
        .orElseThrow();
  }

  private static Map<String, SentTick> bySequence(List<SentTick> ticks) {
    Map<String, SentTick> index = new HashMap<>();
    ticks.forEach(tick -> index.put(tick.symbol() + '/' + tick.sequence(), tick));
    return index;
  }
}
