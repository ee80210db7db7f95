package io.marketstream.feed.metrics;

import java.util.List;

/**
 * The metrics table of a connector's documentation, so that it cannot differ from the connector.
 */
public final class MetricTable {

  private MetricTable() {}

  public static String markdown(List<FeedMetric> metrics) {
    StringBuilder table = new StringBuilder("| metric | unit | meaning |\n|---|---|---|\n");
    for (FeedMetric metric : metrics) {
      table
          .append("| `")
          .append(metric.name())
          .append("` | ")
          .append(metric.unit())
          .append(" | ")
          .append(metric.description())
          .append(" |\n");
    }
    return table.toString();
  }
}
