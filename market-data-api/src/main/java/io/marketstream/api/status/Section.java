package io.marketstream.api.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * A part of the screen.
 *
 * @param name a word, such as {@code connectors}
 * @param header the names of the columns; empty if there is none
 * @param json the same for scripts
 */
public record Section(
    String name, State state, List<String> header, List<Row> rows, JsonNode json) {

  private static final String UNREADABLE_TEXT = "cannot be read";

  /** Whether a part could be read. */
  public enum State {
    READ,
    UNREADABLE,
    /** Not named by an option. It says nothing about the health. */
    NOT_ASKED
  }

  /**
   * A line.
   *
   * @param cells one per column, or a single text
   * @param problem what is wrong, for the summary; empty if nothing is
   */
  public record Row(List<String> cells, String problem) {
    static Row of(String problem, String... cells) {
      return new Row(List.of(cells), problem);
    }

    public boolean isHealthy() {
      return problem.isEmpty();
    }
  }

  static Section of(String name, List<String> header, List<Row> rows, JsonNode json) {
    return new Section(name, State.READ, header, rows, json);
  }

  static Section unreadable(String name, String reason) {
    return new Section(
        name,
        State.UNREADABLE,
        List.of(),
        List.of(Row.of(UNREADABLE_TEXT, UNREADABLE_TEXT + ": " + reason)),
        JsonNodeFactory.instance.objectNode().put("error", reason));
  }

  static Section notAsked(String name, String option) {
    return new Section(
        name,
        State.NOT_ASKED,
        List.of(),
        List.of(Row.of("", "not read; to read it, add " + option)),
        JsonNodeFactory.instance.nullNode());
  }

  /** What is wrong here, a line each. */
  List<String> problems() {
    return rows.stream()
        .filter(row -> !row.isHealthy())
        .map(row -> name + ": " + row.problem())
        .toList();
  }
}
