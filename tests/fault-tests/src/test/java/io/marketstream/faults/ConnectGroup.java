package io.marketstream.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** The workers of one group, and which worker runs which task. */
final class ConnectGroup {

  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final TestStack stack;
  private final List<String> connectors;

  ConnectGroup(TestStack stack, List<String> connectors) {
    this.stack = stack;
    this.connectors = List.copyOf(connectors);
  }

  /** Returns the worker that runs the connector's task. */
  ConnectWorker owner(String connector) {
    return answered(() -> workerOf(taskOwner(anyRest(), connector)));
  }

  /** Returns another worker of the group. */
  ConnectWorker other(ConnectWorker worker) {
    return stack.workers.stream().filter(each -> each != worker).findFirst().orElseThrow();
  }

  /** Whether this worker reports that it runs the connector's task itself. */
  boolean runs(ConnectWorker worker, String connector) {
    return isRunning(worker.rest(), connector)
        && taskOwner(worker.rest(), connector).equals(id(worker));
  }

  /** Waits until this worker runs every task. */
  void awaitAllOn(ConnectWorker worker) {
    await("all tasks run on " + worker.name())
        .atMost(TIMEOUT)
        .pollInterval(PAUSE)
        .ignoreExceptions()
        .until(() -> connectors.stream().allMatch(connector -> runs(worker, connector)));
  }

  /**
   * Waits until every worker answers that all tasks run and no worker is idle. A worker that was
   * frozen joins the group only then. For half a minute before, the others report an old state.
   */
  void awaitWhole() {
    await("all workers say that all tasks run, on all workers")
        .atMost(TIMEOUT)
        .pollInterval(PAUSE)
        .ignoreExceptions()
        .until(() -> stack.workers.stream().map(ConnectWorker::rest).allMatch(this::isWhole));
  }

  private boolean isWhole(ConnectRest asked) {
    return connectors.stream().allMatch(connector -> isRunning(asked, connector))
        && connectors.stream().map(connector -> taskOwner(asked, connector)).distinct().count()
            == Math.min(connectors.size(), stack.workers.size());
  }

  /** Returns the connector's configuration, as it was created. */
  JsonNode config(String connector) {
    return answered(() -> anyRest().call("GET", "/connectors/" + connector + "/config", null));
  }

  void putConfig(String connector, JsonNode config) {
    answered(() -> anyRest().putConfig(connector, config));
  }

  void restart(String connector) {
    answered(
        () -> {
          anyRest().restart(connector);
          return true;
        });
  }

  /** Repeats a call until it is answered: a worker answers 409 while its group rebalances. */
  private static <T> T answered(Callable<T> call) {
    AtomicReference<T> answer = new AtomicReference<>();
    await("an answer of the Connect workers")
        .atMost(TIMEOUT)
        .pollInterval(PAUSE)
        .ignoreExceptions()
        .until(
            () -> {
              answer.set(call.call());
              return true;
            });
    return answer.get();
  }

  private ConnectRest anyRest() {
    return stack.workers.stream().filter(ConnectWorker::isRunning).findFirst().orElseThrow().rest();
  }

  private static boolean isRunning(ConnectRest rest, String connector) {
    List<ConnectRest.State> states = rest.states(connector);
    return states.size() == 2 && states.stream().allMatch(ConnectRest.State::isRunning);
  }

  private static String taskOwner(ConnectRest rest, String connector) {
    return rest.status(connector).at("/tasks/0/worker_id").asText();
  }

  private ConnectWorker workerOf(String id) {
    return stack.workers.stream().filter(worker -> id(worker).equals(id)).findFirst().orElseThrow();
  }

  private static String id(ConnectWorker worker) {
    return worker.restUri().getAuthority();
  }
}
