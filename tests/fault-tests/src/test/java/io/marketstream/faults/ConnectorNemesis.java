package io.marketstream.faults;

import static io.marketstream.pipeline.TestPipeline.FINNHUB_CONNECTOR;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.pipeline.TestPipeline;
import java.time.Duration;
import java.util.List;

/** Changes a running connector over the REST API of its worker, as an operator does. */
final class ConnectorNemesis {
  private final TestPipeline pipeline;

  ConnectorNemesis(TestPipeline pipeline) {
    this.pipeline = pipeline;
  }

  List<Fault> all() {
    return List.of(
        new Fault(
            "connector: restarted",
            () -> awaitReconnectAfter(() -> rest().restart(FINNHUB_CONNECTOR))),
        new Fault(
            "connector: a symbol removed and added again",
            () -> {
              List<String> symbols = FaultRun.SYMBOLS;
              awaitReconnectAfter(() -> subscribe(symbols.subList(0, symbols.size() - 1)));
              awaitReconnectAfter(() -> subscribe(symbols));
            }),
        new Fault(
            "connector: paused for 5 s",
            () -> {
              whenBalanced(() -> rest().pause(FINNHUB_CONNECTOR));
              Thread.sleep(5_000); // the length of the fault
              whenBalanced(() -> rest().resume(FINNHUB_CONNECTOR));
            }));
  }

  private void subscribe(List<String> symbols) {
    ObjectNode config =
        (ObjectNode) rest().call("GET", "/connectors/" + FINNHUB_CONNECTOR + "/config", null);
    config.put("finnhub.symbols", String.join(",", symbols));
    rest().putConfig(FINNHUB_CONNECTOR, config);
  }

  private void awaitReconnectAfter(Runnable change) {
    long before = pipeline.finnhub.connectionCount();
    whenBalanced(change);
    FeedNemesis.awaitReconnect(pipeline.finnhub, before);
  }

  /** A worker refuses changes while its group rebalances. */
  private static void whenBalanced(Runnable change) {
    await()
        .atMost(FaultRun.STEP_TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .ignoreException(ConnectRestException.class)
        .until(
            () -> {
              change.run();
              return true;
            });
  }

  private ConnectRest rest() {
    return pipeline.stack.connect.rest();
  }
}
