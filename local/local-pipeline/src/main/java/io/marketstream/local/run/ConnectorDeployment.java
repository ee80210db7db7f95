package io.marketstream.local.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.ConnectRest;
import io.marketstream.embedded.component.ConnectRestException;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.embedded.process.ComponentException;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Creates or updates connectors on a worker, and reports their failures. */
final class ConnectorDeployment {
  private static final int CONFLICT = 409;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /** How long a worker may report states that the last run left in the status topic. */
  private static final Duration STALE_STATE_TIMEOUT = Duration.ofSeconds(10);

  private final ConnectWorker worker;
  private final ConnectRest rest;

  ConnectorDeployment(ConnectWorker worker) {
    this.worker = worker;
    this.rest = worker.rest();
  }

  /**
   * Checks that the worker which answers is the one of this run. Another worker may have taken the
   * port during the start.
   *
   * @param clusterId the Kafka cluster id of this run
   * @throws ComponentException if the worker belongs to another Kafka cluster
   */
  void requireWorkerOf(String clusterId) {
    try {
      String found = rest.call("GET", "/", null).path("kafka_cluster_id").asText();
      if (!found.equals(clusterId)) {
        throw new ComponentException(
            "Another Kafka Connect answers on "
                + worker.restUri()
                + " (of Kafka cluster "
                + found
                + "). End it, or choose other ports with "
                + LocalPorts.VARIABLE,
            worker.log());
      }
    } catch (ConnectRestException | UncheckedIOException e) {
      throw new ComponentException(
          "Kafka Connect does not say which cluster it belongs to: " + e.getMessage(),
          worker.log(),
          e);
    }
  }

  /**
   * Creates the connector and returns once its task runs.
   *
   * @param connector the body for {@code POST /connectors}
   * @throws ComponentException with the reason that the worker gives
   */
  void deploy(ObjectNode connector) {
    String name = connector.path("name").asText();
    try {
      boolean known = !created(connector);
      if (known) {
        bringUpToDate(name, connector.get("config"));
      }
      awaitRunning(name, known);
    } catch (ConnectRestException e) {
      throw new ComponentException(
          "Kafka Connect refused " + name + ": " + refusal(String.valueOf(e.getMessage())),
          worker.log(),
          e);
    } catch (UncheckedIOException e) {
      throw new ComponentException(e.getMessage() + " while it was given " + name, worker.log(), e);
    }
  }

  /**
   * Stops a connector. Its tasks no longer read from the feed.
   *
   * @throws ConnectRestException if the worker refuses
   * @throws UncheckedIOException if the worker does not answer
   */
  void stop(String connector) {
    rest.stop(connector);
  }

  /**
   * Deletes a connector that an earlier run has created. Does nothing if there is none. Its offsets
   * stay.
   *
   * @throws ComponentException if the worker refuses or does not answer
   */
  void remove(String connector) {
    try {
      if (rest.connectors().contains(connector)) {
        rest.call("DELETE", "/connectors/" + connector, null);
      }
    } catch (ConnectRestException | UncheckedIOException e) {
      throw new ComponentException(
          "Kafka Connect did not remove " + connector + ": " + e.getMessage(), worker.log(), e);
    }
  }

  /**
   * Returns the failure of one of these connectors or their tasks. Empty if there is none, or if
   * the worker does not answer.
   */
  Optional<ComponentException> failureOf(List<String> connectors) {
    try {
      return connectors.stream()
          .flatMap(name -> rest.states(name).stream())
          .filter(ConnectRest.State::isFailed)
          .findFirst()
          .map(this::failure);
    } catch (ConnectRestException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** Returns false if the connector exists already, from an earlier run. */
  private boolean created(ObjectNode connector) {
    try {
      rest.create(connector.toString());
      return true;
    } catch (ConnectRestException e) {
      if (e.status() == CONFLICT && rest.connectors().contains(connector.path("name").asText())) {
        return false;
      }
      throw e;
    }
  }

  private void bringUpToDate(String name, JsonNode config) {
    ObjectNode wanted = config.deepCopy();
    wanted.put("name", name);
    if (!rest.call("GET", "/connectors/" + name + "/config", null).equals(wanted)) {
      rest.putConfig(name, wanted);
    }
    rest.resume(name);
  }

  private void awaitRunning(String name, boolean known) {
    long begin = System.nanoTime();
    boolean restarted = false;
    while (true) {
      List<ConnectRest.State> states = statesIfInTime(name);
      Duration waited = Duration.ofNanos(System.nanoTime() - begin);
      if (states.size() > 1 && states.stream().allMatch(ConnectRest.State::isRunning)) {
        return;
      }
      Optional<ConnectRest.State> failed =
          states.stream().filter(ConnectRest.State::isFailed).findFirst();
      if (failed.isPresent() && known && !restarted) {
        rest.restart(name);
        restarted = true;
      } else if (failed.isPresent() && !(known && waited.compareTo(STALE_STATE_TIMEOUT) < 0)) {
        throw failure(failed.get());
      }
      if (waited.compareTo(START_TIMEOUT) > 0) {
        throw new ComponentException(
            name + " does not run after " + START_TIMEOUT.toSeconds() + " s: " + states,
            worker.log());
      }
      pause(name);
    }
  }

  /** Returns nothing if the worker, which starts the connectors, answers too late. */
  private List<ConnectRest.State> statesIfInTime(String name) {
    try {
      return rest.states(name);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof HttpTimeoutException) {
        return List.of();
      }
      throw e;
    }
  }

  private ComponentException failure(ConnectRest.State failed) {
    return new ComponentException(
        failed.name() + " failed: " + reason(failed.trace()), worker.log());
  }

  /** Returns the innermost cause, which says what to do, or the first line without a cause. */
  static String reason(String trace) {
    return trace
        .lines()
        .filter(line -> line.startsWith("Caused by: "))
        .map(line -> line.substring("Caused by: ".length()))
        .reduce((outer, inner) -> inner)
        .orElse(firstLine(trace))
        .replaceFirst("^[a-zA-Z_$][\\w$]*(\\.[\\w$]+)+: ", "");
  }

  /** Returns the message without the worker's hint at another endpoint. */
  static String refusal(String message) {
    return String.valueOf(message)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("You can also find"))
        .collect(Collectors.joining(" "));
  }

  private static String firstLine(String text) {
    return String.valueOf(text)
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("no reason given");
  }

  private void pause(String name) {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ComponentException(name + ": the wait for it was interrupted", worker.log(), e);
    }
  }
}
