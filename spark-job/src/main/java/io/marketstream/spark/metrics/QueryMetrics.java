package io.marketstream.spark.metrics;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The metrics of one query. Gauges show the last batch, names that end in {@code _total} count
 * since the job started; a gauge that knows nothing yet shows −1, never null: what reads them takes
 * numbers only.
 *
 * <p>Thread-safe: read by any thread while batches end on others.
 */
final class QueryMetrics {
  private final ObservedQuery query;
  private final Clock clock;
  private final Map<Count, Counter> totals = new EnumMap<>(Count.class);
  private final Counter batches = new Counter();
  private final Counter batchMs = new Counter();
  private final Counter restarts = new Counter();

  private boolean startedBefore;
  private volatile BatchReport last;
  private volatile SparkProgress progress = SparkProgress.NONE;
  private volatile long watermark = BatchCounts.NO_TIME;

  QueryMetrics(ObservedQuery query, Clock clock) {
    this.query = query;
    this.clock = clock;
    query.counted().stream()
        .filter(counted -> !counted.count().isLevel())
        .forEach(counted -> totals.put(counted.count(), new Counter()));
  }

  /** Each time the query starts, the first time included. */
  synchronized void started() {
    if (startedBefore) {
      restarts.inc();
    }
    startedBefore = true;
  }

  void written(BatchReport batch) {
    totals.forEach((count, total) -> total.inc(batch.counts().get(count)));
    batches.inc();
    batchMs.inc(batch.millis());
    if (batch.counts().watermark() != BatchCounts.NO_TIME) {
      watermark = batch.counts().watermark();
    }
    last = batch;
  }

  void committed(SparkProgress progress) {
    this.progress = progress;
  }

  void register(MetricRegistry registry) {
    for (JobMetric metric : all()) {
      String name = metric.name();
      if (metric.last() != null) {
        registry.register(name, metric.last());
      }
      if (metric.total() != null) {
        registry.register(name + "_total", metric.total());
      }
    }
  }

  /** Every metric of the query, in the order of the documentation. */
  List<JobMetric> all() {
    List<JobMetric> all = new ArrayList<>();
    for (ObservedQuery.Counted counted : query.counted()) {
      Count count = counted.count();
      all.add(
          new JobMetric(
              count.key(),
              count.unit(),
              counted.meaning(),
              ofBatch(batch -> batch.counts().get(count)),
              totals.get(count)));
    }
    all.add(new JobMetric("batches", "batches", "Batches written", null, batches));
    all.add(
        new JobMetric(
            "batch_ms",
            "ms",
            "From a batch's start to its last row written",
            ofBatch(BatchReport::millis),
            batchMs));
    all.add(
        gauge(
            "trigger_ms",
            "ms",
            "All of a batch, as Spark measures it: planning and commit included",
            () -> progress.triggerMs()));
    for (TriggerPhase phase : TriggerPhase.values()) {
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
            "Since the last batch was written; grows while there is nothing to read",
            ofBatch(batch -> clock.millis() - batch.endedAt())));
    all.add(latency("latency_p50_ms", "Half of the ticks", batch -> batch.latency(0.50)));
    all.add(latency("latency_p95_ms", "95 % of the ticks", batch -> batch.latency(0.95)));
    all.add(latency("latency_p99_ms", "99 % of the ticks", batch -> batch.latency(0.99)));
    all.add(latency("latency_max_ms", "All ticks", BatchReport::greatestLatency));
    all.add(
        gauge(
            "records_per_s",
            "records/s",
            "Records of a batch by the time since the batch before it",
            () -> progress.recordsPerSecond()));
    all.add(
        gauge(
            "lag",
            "records",
            "Kafka lag: records that were there when the batch was planned and are not in it",
            () -> progress.lag()));
    addState(all);
    all.add(
        new JobMetric("restarts", "starts", "Times the query was started again", null, restarts));
    return all;
  }

  private void addState(List<JobMetric> all) {
    all.add(
        gauge(
            "watermark_age_ms",
            "ms",
            "From the watermark to now: see below",
            () ->
                watermark == BatchCounts.NO_TIME
                    ? SparkProgress.UNKNOWN
                    : clock.millis() - watermark));
    all.add(gauge("state_rows", "symbols", "Symbols with state", () -> progress.stateRows()));
    all.add(
        gauge("state_bytes", "bytes", "Memory of the state stores", () -> progress.stateBytes()));
  }

  private JobMetric latency(String name, String share, ToLongFunction<BatchReport> latency) {
    return gauge(
        name,
        "ms",
        share + " could be read in `ticks` within this time of their `received_at`",
        ofBatch(latency));
  }

  private static JobMetric gauge(
      String name, String unit, String meaning, Gauge<? extends Number> last) {
    return new JobMetric(name, unit, meaning, last, null);
  }

  private Gauge<Long> ofBatch(ToLongFunction<BatchReport> number) {
    return () -> {
      BatchReport batch = last;
      return batch == null ? SparkProgress.UNKNOWN : number.applyAsLong(batch);
    };
  }
}
