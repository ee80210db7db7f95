package io.marketstream.api.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The connectors of Connect workers.
 *
 * @param found by name
 * @param unreachable workers that did not answer, and why
 */
record Connectors(List<Connector> found, List<String> unreachable) {
  static final String NAME = "connectors";

  private static final String OUR_CLASSES = "io.marketstream.";
  private static final String RUNNING = "RUNNING";
  private static final String NO_SOURCE = "";
  private static final int MAX_REASON = 120;

  /**
   * A connector.
   *
   * @param source its {@code source.name}; empty if it has the default
   */
  record Connector(String name, String state, String worker, List<Task> tasks, String source) {
    boolean isHealthy() {
      return state.equals(RUNNING)
          && !tasks.isEmpty()
          && tasks.stream().allMatch(task -> task.state().equals(RUNNING));
    }
  }

  /**
   * A task.
   *
   * @param reason the first line of the trace of its failure; empty if there is none
   */
  record Task(int id, String state, String worker, String reason) {}

  /** Reads the answer of {@code /connectors?expand=status&expand=info}: the connectors of ours. */
  static List<Connector> parse(JsonNode answer) {
    List<Connector> connectors = new ArrayList<>();
    answer
        .properties()
        .forEach(
            entry -> {
              JsonNode config = entry.getValue().path("info").path("config");
              String type = config.path("connector.class").asText(OUR_CLASSES);
              if (type.startsWith(OUR_CLASSES)) {
                connectors.add(
                    connector(
                        entry.getKey(),
                        entry.getValue().path("status"),
                        config.path("source.name").asText(NO_SOURCE)));
              }
            });
    return connectors;
  }

  private static Connector connector(String name, JsonNode status, String source) {
    List<Task> tasks = new ArrayList<>();
    status
        .path("tasks")
        .forEach(
            task ->
                tasks.add(
                    new Task(
                        task.path("id").asInt(),
                        task.path("state").asText("UNKNOWN"),
                        task.path("worker_id").asText(""),
                        reason(task.path("trace").asText("")))));
    return new Connector(
        name,
        status.path("connector").path("state").asText("UNKNOWN"),
        status.path("connector").path("worker_id").asText(""),
        tasks,
        source);
  }

  /** The last cause says what has happened, and the lines before say where. */
  private static String reason(String trace) {
    List<String> lines = trace.lines().filter(line -> !line.startsWith("\t")).toList();
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1).strip();
    String text = last.replaceFirst("^Caused by: ", "").replaceFirst("^[\\w.$]+: ", "");
    return text.length() > MAX_REASON ? text.substring(0, MAX_REASON) + "…" : text;
  }

  /** Those of several workers, each connector once. Workers of one cluster say the same. */
  static Connectors of(Map<String, List<Connector>> answers, List<String> unreachable) {
    Map<String, Connector> byName = new TreeMap<>();
    answers.values().forEach(all -> all.forEach(each -> byName.putIfAbsent(each.name(), each)));
    return new Connectors(List.copyOf(byName.values()), unreachable);
  }

  /** The sources that the connectors write; empty if one of them does not name its source. */
  Optional<Set<String>> sources() {
    Set<String> names = found.stream().map(Connector::source).collect(Collectors.toSet());
    return names.contains(NO_SOURCE) || !unreachable.isEmpty()
        ? Optional.empty()
        : Optional.of(names);
  }

  Section section() {
    List<Section.Row> rows = new ArrayList<>();
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Connector connector : found) {
      rows.add(row(connector));
      ObjectNode node = json.addObject();
      node.put("name", connector.name());
      node.put("state", connector.state());
      node.put("worker", connector.worker());
      ArrayNode tasks = node.putArray("tasks");
      for (Task task : connector.tasks()) {
        tasks
            .addObject()
            .put("id", task.id())
            .put("state", task.state())
            .put("worker", task.worker())
            .put("reason", task.reason().isEmpty() ? null : task.reason());
      }
    }
    unreachable.forEach(text -> rows.add(Section.Row.of(text, text)));
    if (rows.isEmpty()) {
      String none = "the worker has no connector of market-stream";
      return Section.of(NAME, List.of(), List.of(Section.Row.of(none, none)), json);
    }
    return Section.of(NAME, List.of("name", "state", "tasks", "worker"), rows, json);
  }

  private static Section.Row row(Connector connector) {
    long running = connector.tasks().stream().filter(task -> task.state().equals(RUNNING)).count();
    List<String> failed =
        connector.tasks().stream()
            .filter(task -> !task.state().equals(RUNNING))
            .map(
                task ->
                    "task "
                        + task.id()
                        + " is "
                        + task.state()
                        + (task.reason().isEmpty() ? "" : " (" + task.reason() + ")"))
            .toList();
    String problem = "";
    if (!connector.state().equals(RUNNING)) {
      problem = connector.name() + " is " + connector.state();
    } else if (connector.tasks().isEmpty()) {
      problem = connector.name() + " has no task";
    } else if (!failed.isEmpty()) {
      problem = connector.name() + ": " + String.join(", ", failed);
    }
    return Section.Row.of(
        problem,
        connector.name(),
        connector.state(),
        running + " of " + connector.tasks().size() + " running",
        connector.worker());
  }
}
