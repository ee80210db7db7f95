package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills parts of the running pipeline, then asks the audit: is every tick that was written to a
 * socket either a row, as it was sent and once, or inside a recorded gap of its symbol? Are candles
 * and newest ticks what the topic makes?
 */
class KilledComponentsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final long SEED = 20261123;
  private static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "BINANCE:BTCUSDT");

  @TempDir Path home;
  private FedPipeline pipeline;
  private CqlSession cassandra;

  @AfterEach
  void stopEverything() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  void everyTickIsARowOrInsideARecordedGapWhateverIsKilled() throws Exception {
    pipeline = new FedPipeline(new RealComponents(home), 60, 40, SEED);
    pipeline.start(String.join(",", SYMBOLS), "bitcoin,ethereum");
    cassandra = pipeline.cassandra();
    RealComponents components = pipeline.components;
    awaitRows(RealComponents.FINNHUB, 100);
    awaitRows(RealComponents.COINCAP, 50);

    pipeline.finnhub.faults().drop(); // the connector reconnects by itself
    awaitNewSession(RealComponents.FINNHUB, 2);
    awaitStoredOffsets("finnhub-source", RealComponents.FINNHUB);
    awaitStoredOffsets("coincap-source", RealComponents.COINCAP);
    components.job.kill();
    components.connect.kill();
    components.connect.start();
    pipeline.finnhub.awaitSubscribed(SYMBOLS, PATIENCE);
    components.job.start();
    awaitNewSession(RealComponents.FINNHUB, 3);
    awaitNewSession(RealComponents.COINCAP, 2);
    pipeline.pauseSending();
    awaitAccounts();

    assertThat(GapRow.all(cassandra)).allMatch(GapRow::isClosed);
    assertThat(causes(RealComponents.FINNHUB)).contains("CONNECTION_LOST", "TASK_RESTART");
    assertThat(causes(RealComponents.COINCAP)).containsOnly("TASK_RESTART");
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
                      .components
                      .connect
                      .rest()
                      .call("GET", "/connectors/" + connector + "/offsets", null)
                      .findValues("session");
              return !stored.isEmpty()
                  && stored.stream().allMatch(session -> session.asLong() >= newest);
            });
  }

  private void awaitAccounts() {
    PipelineAudit audit = pipeline.audit();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(audit.look().findings()).isEmpty());
  }
}
