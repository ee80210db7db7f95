package io.marketstream.api.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/**
 * What a look at a pipeline has found.
 *
 * @param at when it was looked at
 */
public record Status(Instant at, List<Section> sections) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is wrong, a line each. */
  public List<String> problems() {
    return sections.stream().flatMap(section -> section.problems().stream()).toList();
  }

  public boolean isHealthy() {
    return problems().isEmpty();
  }

  /** Whether anything at all could be read. */
  public boolean hasSeenAnything() {
    return sections.stream().anyMatch(section -> section.state() == Section.State.READ);
  }

  /** One object, in one line per section. */
  public String toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("at", at.toString());
    node.put("healthy", isHealthy());
    ArrayNode problems = node.putArray("problems");
    problems().forEach(problems::add);
    sections.forEach(section -> node.set(section.name(), section.json()));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of values is always JSON", e);
    }
  }
}
