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

/**
 * Creates connectors on a worker, or brings those of an earlier run up to date, and looks after
 * their tasks.
 */
final class ConnectorDeployment {
  private static final int CONFLICT = 409;
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /** The worker first shows the states that the last run left in the status topic. */
  private static final Duration STALE_STATE_TIMEOUT = Duration.ofSeconds(10);

  private final ConnectWorker worker;
  private final ConnectRest rest;

  ConnectorDeployment(ConnectWorker worker) {
    this.worker = worker;
    this.rest = worker.rest();
  }

  /**
   * Makes sure that what answers is this run's worker: another one may have taken the port while it
   * started.
   *
   * @param clusterId of this run's broker
   * @throws ComponentException when it is not
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
   * @throws ComponentException with the first line of the worker's reason
   */
  void start(ObjectNode connector) {
    String name = connector.path("name").asText();
    try {
      boolean known = !created(connector);
      if (known) {
        bringUpToDate(name, connector.get("config"));
      }
      awaitRunning(name, known);
    } catch (ConnectRestException e) {
      throw new ComponentException(
          "Kafka Connect refused " + name + ": " + refusal(e.getMessage()), worker.log(), e);
    } catch (UncheckedIOException e) {
      throw new ComponentException(e.getMessage() + " while it was given " + name, worker.log(), e);
    }
  }

  /**
   * The failure of a connector or task among these; empty when all is well or the worker does not
   * answer just now.
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

  /** False when the connector is there already, from an earlier run. */
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

  /** None when the worker, busy with the connectors' start, takes longer than a status may. */
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

  /** The innermost cause says what to do; without one, the first line. */
  static String reason(String trace) {
    return trace
        .lines()
        .filter(line -> line.startsWith("Caused by: "))
        .map(line -> line.substring("Caused by: ".length()))
        .reduce((outer, inner) -> inner)
        .orElse(firstLine(trace))
        .replaceFirst("^[a-zA-Z_$][\\w$]*(\\.[\\w$]+)+: ", "");
  }

  /** What the worker found wrong, without its hint at another endpoint. */
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
      throw new ComponentException(name + " was no longer waited for", worker.log(), e);
    }
  }
}
