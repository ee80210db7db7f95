package io.marketstream.spark.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.stream.FoldQuery;
import io.marketstream.spark.stream.TicksQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** To bring the table of the README up to date: {@code mvn test -Dmarketstream.docs.write=true}. */
class JobMetricsTest {
  private static final Path PAGE =
      Path.of(System.getProperty("marketstream.root"), "spark-job", "README.md");

  private static final long NOW = 1_763_900_100_000L;

  private final JobMetrics metrics =
      new JobMetrics(
          List.of(TicksQuery.OBSERVED, FoldQuery.OBSERVED),
          Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));

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
  void namesAreLowerCaseStartWithTheQueryAndSayTheirUnitOfTimeOrSize() {
    assertThat(metrics.metricRegistry().getNames())
        .allMatch(name -> name.matches("(ticks|fold)\\.[a-z0-9]+(_[a-z0-9]+)*"));
    for (String query : List.of("ticks", "fold")) {
      assertThat(metrics.of(query).all())
          .allMatch(metric -> !metric.unit().equals("ms") || metric.name().endsWith("_ms"))
          .allMatch(metric -> !metric.unit().equals("bytes") || metric.name().endsWith("_bytes"));
    }
  }

  @Test
  void beforeTheFirstBatchEveryGaugeIsMinusOneAndEveryCounterZero() {
    assertThat(metrics.metricRegistry().getGauges().values())
        .allSatisfy(gauge -> assertThat(((Number) gauge.getValue()).doubleValue()).isEqualTo(-1.0));
    assertThat(metrics.metricRegistry().getCounters().values())
        .allSatisfy(counter -> assertThat(counter.getCount()).isZero());
  }

  @Test
  void gaugesShowTheLastBatchAndCountersAllOfThem() {
    metrics.of("fold").written(fold(1, 3));
    metrics.of("fold").written(fold(2, 4));
    metrics.of("fold").committed(new SparkProgress(2, 90, Map.of(), 12.5, 17, 40, 4_096));

    assertThat(gauge("fold.late")).isEqualTo(4L);
    assertThat(total("fold.late_total")).isEqualTo(7);
    assertThat(total("fold.batches_total")).isEqualTo(2);
    assertThat(gauge("fold.batch_ms")).isEqualTo(50L);
    assertThat(total("fold.batch_ms_total")).isEqualTo(100);
    assertThat(gauge("fold.trigger_ms")).isEqualTo(90L);
    assertThat(gauge("fold.since_batch_ms")).isEqualTo(1_000L);
    assertThat(gauge("fold.latency_p99_ms")).isEqualTo(60L);
    assertThat(gauge("fold.records_per_s")).isEqualTo(12.5);
    assertThat(gauge("fold.lag")).isEqualTo(17L);
    assertThat(gauge("fold.state_rows")).isEqualTo(40L);
    assertThat(gauge("fold.state_bytes")).isEqualTo(4_096L);
    assertThat(gauge("fold.watermark_age_ms")).isEqualTo(120_000L);
    assertThat(gauge("fold.open_candles")).isEqualTo(5L);
    assertThat(metrics.metricRegistry().getNames()).doesNotContain("fold.open_candles_total");
    assertThat(total("ticks.batches_total")).isZero();
  }

  @Test
  void aBatchWithoutTicksHasNoLatencyAndKeepsTheWatermark() {
    metrics.of("fold").written(fold(1, 0));
    metrics.of("fold").written(new BatchReport("fold", 2, new BatchCounts(), 50, NOW));

    assertThat(gauge("fold.latency_max_ms")).isEqualTo(-1L);
    assertThat(gauge("fold.watermark_age_ms")).isEqualTo(120_000L);
  }

  @Test
  void onlyAStartAfterTheFirstIsARestart() {
    metrics.of("ticks").started();
    assertThat(total("ticks.restarts_total")).isZero();

    metrics.of("ticks").started();
    assertThat(total("ticks.restarts_total")).isEqualTo(1);
  }

  private static BatchReport fold(long id, long late) {
    BatchCounts counts = new BatchCounts();
    counts.add(Count.LATE, late);
    counts.add(Count.OPEN_CANDLES, 5);
    counts.addAge(10);
    counts.watermark(NOW - 120_000);
    return new BatchReport("fold", id, counts, 50, NOW - 1_000);
  }

  private Object gauge(String name) {
    return metrics.metricRegistry().getGauges().get(name).getValue();
  }

  private long total(String name) {
    return metrics.metricRegistry().getCounters().get(name).getCount();
  }
}
