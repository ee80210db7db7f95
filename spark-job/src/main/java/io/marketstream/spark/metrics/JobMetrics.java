package io.marketstream.spark.metrics;

import com.codahale.metrics.MetricRegistry;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.metrics.source.Source;

/**
 * The job's metrics as a source of Spark's metrics system, which carries them to every sink that is
 * configured. Complete from the start: Spark does not see what is added to a registered source.
 */
final class JobMetrics implements Source {
  /** Between Spark's prefix and our names: {@code <namespace>.driver.market_data.ticks.read}. */
  static final String NAME = "market_data";

  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, QueryMetrics> queries = new LinkedHashMap<>();

  JobMetrics(List<ObservedQuery> observed, Clock clock) {
    for (ObservedQuery query : observed) {
      QueryMetrics metrics = new QueryMetrics(query, clock);
      metrics.register(registry);
      queries.put(query.name(), metrics);
    }
  }

  QueryMetrics of(String query) {
    return queries.get(query);
  }

  @Override
  public String sourceName() {
    return NAME;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  /** The table of the documentation, so that it cannot differ from the job. */
  String markdown() {
    StringBuilder table =
        new StringBuilder("| last batch | since start | unit | meaning |\n|---|---|---|---|\n");
    queries.forEach(
        (query, metrics) -> {
          for (JobMetric metric : metrics.all()) {
            String name = query + "." + metric.name();
            table
                .append(metric.last() == null ? "| " : "| `" + name + "` ")
                .append(metric.total() == null ? "| " : "| `" + name + "_total` ")
                .append("| ")
                .append(metric.unit())
                .append(" | ")
                .append(metric.meaning())
                .append(" |\n");
          }
        });
    return table.toString();
  }
}
