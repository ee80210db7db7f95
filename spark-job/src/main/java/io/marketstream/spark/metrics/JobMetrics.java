package io.marketstream.spark.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.marketstream.model.Topics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.spark.metrics.source.Source;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the job, as a source of Spark's metrics system, which sends them to every sink
 * that is configured.
 *
 * <p>Gauges show the last batch. Counters, whose names end in {@code _total}, count since the job
 * started. A gauge without a value yet shows −1 and not null, because sinks accept numbers only.
 * All metrics exist from the start, because Spark ignores those that are added to a registered
 * source.
 *
 * <p>Thread-safe: any thread may read while batches end on others.
 */
final class JobMetrics implements Source {
  /**
   * The part between Spark's prefix and the metric: {@code <namespace>.driver.market_data.read}.
   */
  static final String NAME = Topics.TICKS;

  /**
   * One number of the job: of its last batch, since the start, or both.
   *
   * @param unit such as {@code ticks} or {@code ms}
   * @param last null if only the sum has a meaning
   * @param total null if only the last value has a meaning
   */
  record Metric(
      String name,
      String unit,
      String meaning,
      @Nullable Gauge<? extends Number> last,
      @Nullable Counter total) {}

  private final Clock clock;
  private final String name;
  private final Map<JobCounter, Counter> totals = new EnumMap<>(JobCounter.class);
  private final Counter batches = new Counter();
  private final Counter batchMs = new Counter();
  private final Counter restarts = new Counter();
  private final MetricRegistry registry = new MetricRegistry();

  private boolean startedBefore;
  private volatile @Nullable BatchReport last;
  private volatile SparkProgress progress = SparkProgress.NONE;
  private volatile long watermark = BatchCounts.NO_WATERMARK;

  JobMetrics(Clock clock) {
    this(clock, NAME);
  }

  /**
   * @param name as {@link #NAME}, for another query than the usual one
   */
  JobMetrics(Clock clock, String name) {
    this.clock = clock;
    this.name = name;
    for (JobCounter counter : JobCounter.values()) {
      if (!counter.isLevel()) {
        totals.put(counter, new Counter());
      }
    }
    for (Metric metric : all()) {
      if (metric.last() != null) {
        registry.register(metric.name(), metric.last());
      }
      if (metric.total() != null) {
        registry.register(metric.name() + "_total", metric.total());
      }
    }
  }

  @Override
  public String sourceName() {
    return name;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  /** Counts a start of the query. Every start after the first is a restart. */
  synchronized void onStart() {
    if (startedBefore) {
      restarts.inc();
    }
    startedBefore = true;
  }

  /** Adds a batch that has written everything. */
  void onBatchWritten(BatchReport batch) {
    totals.forEach((counter, total) -> total.inc(batch.counts().get(counter)));
    batches.inc();
    batchMs.inc(batch.millis());
    if (batch.counts().watermark() != BatchCounts.NO_WATERMARK) {
      watermark = batch.counts().watermark();
    }
    last = batch;
  }

  /** Adds Spark's report of a committed batch. */
  void onBatchCommitted(SparkProgress committed) {
    progress = committed;
  }

  /** Returns every metric, in the order of the documentation. */
  List<Metric> all() {
    List<Metric> all = new ArrayList<>();
    for (JobCounter counter : JobCounter.values()) {
      all.add(
          new Metric(
              counter.key(),
              counter.unit(),
              counter.meaning(),
              ofBatch(batch -> batch.counts().get(counter)),
              totals.get(counter)));
    }
    all.add(new Metric("batches", "batches", "Batches written", null, batches));
    all.add(
        new Metric(
            "batch_ms",
            "ms",
            "From the start of a batch to its last written row",
            ofBatch(BatchReport::millis),
            batchMs));
    all.add(
        gauge(
            "trigger_ms",
            "ms",
            "The whole batch as Spark measures it, with planning and commit",
            () -> progress.triggerMs()));
    for (SparkProgress.Phase phase : SparkProgress.Phase.values()) {
      all.add(
          gauge(
              phase.key(),
              "ms",
              phase.meaning() + ": a part of `trigger_ms`",
              () -> progress.phaseMs(phase)));
    }
    all.add(
        gauge(
            "since_batch_ms",
            "ms",
            "Time since the last batch was written; grows while there is nothing to read",
            ofBatch(batch -> clock.millis() - batch.endedAt())));
    all.add(latency("latency_p50_ms", "Half of the ticks", batch -> batch.latency(0.50)));
    all.add(latency("latency_p95_ms", "95 % of the ticks", batch -> batch.latency(0.95)));
    all.add(latency("latency_p99_ms", "99 % of the ticks", batch -> batch.latency(0.99)));
    all.add(latency("latency_max_ms", "All ticks", BatchReport::maxLatency));
    all.add(
        gauge(
            "records_per_s",
            "records/s",
            "Records of a batch, divided by the time since the batch before it",
            () -> progress.recordsPerSecond()));
    all.add(
        gauge(
            "lag",
            "records",
            "Kafka lag: records that were in Kafka when the batch was planned and are not in it",
            () -> progress.lag()));
    all.add(
        gauge(
            "watermark_age_ms",
            "ms",
            "Time from the watermark to now: see below",
            () ->
                watermark == BatchCounts.NO_WATERMARK
                    ? SparkProgress.UNKNOWN
                    : clock.millis() - watermark));
    all.add(gauge("state_rows", "symbols", "Symbols with state", () -> progress.stateRows()));
    all.add(
        gauge("state_bytes", "bytes", "Memory of the state stores", () -> progress.stateBytes()));
    all.add(new Metric("restarts", "starts", "Restarts of the query", null, restarts));
    return all;
  }

  /** Returns the table for the documentation, so that it cannot differ from the job. */
  String markdown() {
    StringBuilder table =
        new StringBuilder("| last batch | since start | unit | meaning |\n|---|---|---|---|\n");
    for (Metric metric : all()) {
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

  private Metric latency(String name, String share, ToLongFunction<BatchReport> latency) {
    return gauge(
        name,
        "ms",
        share + " could be read in `ticks` within this time of their `received_at`",
        ofBatch(latency));
  }

  private static Metric gauge(
      String name, String unit, String meaning, Gauge<? extends Number> last) {
    return new Metric(name, unit, meaning, last, null);
  }

  private Gauge<Long> ofBatch(ToLongFunction<BatchReport> number) {
    return () -> {
      BatchReport batch = last;
      return batch == null ? SparkProgress.UNKNOWN : number.applyAsLong(batch);
    };
  }
}
