package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** To update the README's table, run {@code mvn test -Dmarketstream.docs.write=true}. */
class JobMetricsTest {
  private static final Path PAGE =
      Path.of(System.getProperty("marketstream.root"), "spark-job", "README.md");

  private static final long NOW = 1_763_900_100_000L;

  private final JobMetrics metrics =
      new JobMetrics(Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));

  @Test
  void theReadmeShowsTheMetricsAsTheyAre() throws IOException {
    String page = Files.readString(PAGE);
    String beginMark = "<!-- metrics: generated, do not edit -->\n";
    int begin = page.indexOf(beginMark) + beginMark.length();
    int end = page.indexOf("<!-- end of metrics -->");
    if (Boolean.getBoolean("marketstream.docs.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + metrics.markdown() + page.substring(end));
    } else {
      assertThat(page.substring(begin, end))
          .as(PAGE + "; -Dmarketstream.docs.write=true brings it up to date")
          .isEqualTo(metrics.markdown());
    }
  }

  @Test
  void namesAreLowerCaseAndEndInTheirUnit() {
    assertThat(metrics.metricRegistry().getNames())
        .allMatch(name -> name.matches("[a-z0-9]+(_[a-z0-9]+)*"));
    assertThat(metrics.all())
        .allMatch(metric -> !metric.unit().equals("ms") || metric.name().endsWith("_ms"))
        .allMatch(metric -> !metric.unit().equals("bytes") || metric.name().endsWith("_bytes"));
  }

  @Test
  void beforeTheFirstBatchGaugesAreMinusOne() {
    assertThat(metrics.metricRegistry().getGauges().values())
        .allSatisfy(gauge -> assertThat(((Number) gauge.getValue()).doubleValue()).isEqualTo(-1.0));
    assertThat(metrics.metricRegistry().getCounters().values())
        .allSatisfy(counter -> assertThat(counter.getCount()).isZero());
  }

  @Test
  void gaugesShowTheLastBatchAndCountersAllOfThem() {
    metrics.onBatchWritten(batch(1, 3));
    metrics.onBatchWritten(batch(2, 4));
    metrics.onBatchCommitted(
        new SparkProgress(2, 90, Map.of(SparkProgress.Phase.ADD_BATCH, 70L), 12.5, 17, 40, 4_096));

    assertThat(gauge("late")).isEqualTo(4L);
    assertThat(total("late_total")).isEqualTo(7);
    assertThat(total("batches_total")).isEqualTo(2);
    assertThat(gauge("batch_ms")).isEqualTo(50L);
    assertThat(total("batch_ms_total")).isEqualTo(100);
    assertThat(gauge("trigger_ms")).isEqualTo(90L);
    assertThat(gauge("add_batch_ms")).isEqualTo(70L);
    assertThat(gauge("wal_commit_ms")).isEqualTo(-1L);
    assertThat(gauge("since_batch_ms")).isEqualTo(1_000L);
    assertThat(gauge("latency_p99_ms")).isEqualTo(10L);
    assertThat(gauge("records_per_s")).isEqualTo(12.5);
    assertThat(gauge("lag")).isEqualTo(17L);
    assertThat(gauge("state_rows")).isEqualTo(40L);
    assertThat(gauge("state_bytes")).isEqualTo(4_096L);
    assertThat(gauge("watermark_age_ms")).isEqualTo(120_000L);
    assertThat(gauge("open_candles")).isEqualTo(5L);
    assertThat(metrics.metricRegistry().getNames()).doesNotContain("open_candles_total");
  }

  @Test
  void aBatchWithoutTicksKeepsTheWatermark() {
    metrics.onBatchWritten(batch(1, 0));
    metrics.onBatchWritten(new BatchReport(2, new BatchCounts(), 50, NOW));

    assertThat(gauge("latency_max_ms")).isEqualTo(-1L);
    assertThat(gauge("watermark_age_ms")).isEqualTo(120_000L);
  }

  @Test
  void onlyAStartAfterTheFirstIsARestart() {
    metrics.onStart();
    assertThat(total("restarts_total")).isZero();

    metrics.onStart();
    assertThat(total("restarts_total")).isEqualTo(1);
  }

  private static BatchReport batch(long id, long late) {
    BatchCounts counts = new BatchCounts();
    counts.add(JobCounter.LATE, late);
    counts.add(JobCounter.OPEN_CANDLES, 5);
    counts.addAge(10);
    counts.addWatermark(NOW - 120_000);
    return new BatchReport(id, counts, 50, NOW - 1_000);
  }

  private Object gauge(String name) {
    return metrics.metricRegistry().getGauges().get(name).getValue();
  }

  private long total(String name) {
    return metrics.metricRegistry().getCounters().get(name).getCount();
  }
}
