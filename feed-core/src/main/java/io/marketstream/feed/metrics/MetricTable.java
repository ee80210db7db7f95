package io.marketstream.feed.metrics;

import java.util.List;

/** Generates the metrics table of a connector's documentation from its metrics. */
public final class MetricTable {

  private MetricTable() {}

  /** Returns a Markdown table with a row per metric. */
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
