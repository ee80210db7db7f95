package io.marketstream.pipeline.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The alert rules and dashboards of deploy/. */
final class MonitoringFiles {
  static final Path PROMETHEUS = TestStack.ROOT.resolve("deploy/prometheus");
  static final Path RULES = PROMETHEUS.resolve("market-stream.rules.yml");
  static final Path RULE_TESTS = PROMETHEUS.resolve("tests/alerts.test.yml");
  static final Path EXPORTERS = TestStack.ROOT.resolve("deploy/jmx-exporter");
  static final Path PAGE = TestStack.ROOT.resolve("docs/monitoring.md");
  private static final Path DASHBOARDS =
      TestStack.ROOT.resolve("deploy/grafana/provisioning/dashboards");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private MonitoringFiles() {}

  /** An alert rule. */
  record Alert(String name, String expr, String severity, JsonNode annotations) {}

  /**
   * A query of a dashboard.
   *
   * @param legend the text of its legend, with labels in double braces
   */
  record PanelQuery(String dashboard, String panel, String expr, String legend) {}

  static List<Alert> alerts() {
    List<Alert> alerts = new ArrayList<>();
    for (JsonNode group : yaml(RULES).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        alerts.add(
            new Alert(
                rule.path("alert").asText(),
                rule.path("expr").asText(),
                rule.path("labels").path("severity").asText(),
                rule.path("annotations")));
      }
    }
    return alerts;
  }

  /** Returns the queries of all dashboards over Prometheus. */
  static List<PanelQuery> panelQueries() {
    List<PanelQuery> queries = new ArrayList<>();
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).sorted().toList()) {
        JsonNode dashboard = JSON.readTree(file.toFile());
        for (JsonNode panel : dashboard.path("panels")) {
          for (JsonNode target : panel.path("targets")) {
            if (target.path("datasource").path("uid").asText().equals("prometheus")) {
              queries.add(
                  new PanelQuery(
                      dashboard.path("title").asText(),
                      panel.path("title").asText(),
                      target.path("expr").asText(),
                      target.path("legendFormat").asText()));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return queries;
  }

  static JsonNode yaml(Path file) {
    try {
      return YAML.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
