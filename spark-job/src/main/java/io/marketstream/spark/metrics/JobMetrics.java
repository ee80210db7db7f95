package io.marketstream.spark.metrics;

import com.codahale.metrics.MetricRegistry;
import io.marketstream.model.Topics;
import java.time.Clock;
import org.apache.spark.metrics.source.Source;

/**
 * The job's metrics as a source of Spark's metrics system, which carries them to every sink that is
 * configured. Complete from the start: Spark does not see what is added to a registered source.
 */
final class JobMetrics implements Source {
  /** Between Spark's prefix and our names: {@code <namespace>.driver.market_data.read}. */
  static final String NAME = Topics.TICKS;

  private final MetricRegistry registry = new MetricRegistry();
  private final QueryMetrics query;

  JobMetrics(ObservedQuery observed, Clock clock) {
    query = new QueryMetrics(observed, clock);
    query.register(registry);
  }

  QueryMetrics query() {
    return query;
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
    for (JobMetric metric : query.all()) {
      table
          .append(metric.last() == null ? "| " : "| `" + metric.name() + "` ")
          .append(metric.total() == null ? "| " : "| `" + metric.name() + "_total` ")
          .append("| ")
          .append(metric.unit())
          .append(" | ")
          .append(metric.meaning())
          .append(" |\n");
    }
    return table.toString();
  }
}
