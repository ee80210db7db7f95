package io.marketstream.faults;

import static io.marketstream.pipeline.FedPipeline.FINNHUB_CONNECTOR;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.local.component.ConnectRest;
import java.time.Duration;
import java.util.List;

/** What an operator does to a running connector over the worker's REST API. */
final class FaultsOfConnectors {
  private final RunningPipeline pipeline;

  FaultsOfConnectors(RunningPipeline pipeline) {
    this.pipeline = pipeline;
  }

  List<Fault> all() {
    return List.of(
        new Fault(
            "connector: restarted",
            () -> untilConnectedAgain(() -> rest().restart(FINNHUB_CONNECTOR))),
        new Fault(
            "connector: a symbol taken out and put back",
            () -> {
              List<String> symbols = RunningPipeline.SYMBOLS;
              untilConnectedAgain(() -> subscribe(symbols.subList(0, symbols.size() - 1)));
              untilConnectedAgain(() -> subscribe(symbols));
            }),
        new Fault(
            "connector: paused for 5 s",
            () -> {
              whenBalanced(() -> rest().pause(FINNHUB_CONNECTOR));
              Thread.sleep(5_000);
              whenBalanced(() -> rest().resume(FINNHUB_CONNECTOR));
            }));
  }

  private void subscribe(List<String> symbols) {
    ObjectNode config =
        (ObjectNode) rest().call("GET", "/connectors/" + FINNHUB_CONNECTOR + "/config", null);
    config.put("finnhub.symbols", String.join(",", symbols));
    rest().putConfig(FINNHUB_CONNECTOR, config);
  }

  private void untilConnectedAgain(Runnable change) {
    long before = pipeline.finnhub.connectionCount();
    whenBalanced(change);
    pipeline.awaitAnotherConnection(pipeline.finnhub, before);
  }

  /** A worker refuses changes while its group hands out tasks. */
  private static void whenBalanced(Runnable change) {
    await()
        .atMost(RunningPipeline.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .ignoreException(ConnectRest.Refusal.class)
        .until(
            () -> {
              change.run();
              return true;
            });
  }

  private ConnectRest rest() {
    return pipeline.components.connect.rest();
  }
}
