package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.simulator.CoinCapSimulator;
import io.marketstream.simulator.FinnhubSimulator;
import io.marketstream.simulator.SentTick;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
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
    awaitStoredOffsets("finnhub-source", FINNHUB);
    awaitStoredOffsets("coincap-source", COINCAP);
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
    assertThat(causes(FINNHUB)).contains("CONNECTION_LOST", "TASK_RESTART");
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

  /**
   * Until the worker has stored that every symbol stands in the newest session: a kill before that
   * goes on with an older gap, or leaves a first start.
   */
  private void awaitStoredOffsets(String connector, String source) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              long newest = Collections.max(StoredTick.sessions(cassandra, source));
              List<JsonNode> stored =
                  pipeline
                      .connect
                      .rest()
                      .call("GET", "/connectors/" + connector + "/offsets", null)
                      .findValues("session");
              return !stored.isEmpty()
                  && stored.stream().allMatch(session -> session.asLong() >= newest);
            });
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

  private void assertAccounted(String source, List<SentTick> sent) {
    List<GapRow> gaps =
        GapRow.all(cassandra).stream().filter(gap -> gap.source().equals(source)).toList();
    Accounts.assertAccounted(source, sent, StoredTick.bySession(cassandra, source), gaps);
  }
}
