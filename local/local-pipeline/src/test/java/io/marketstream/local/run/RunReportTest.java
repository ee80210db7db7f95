package io.marketstream.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunReportTest {
  @Test
  void theReportHasTheFieldsOfTheContractAndNoOther() throws Exception {
    RunReport report =
        new RunReport(
            60.2,
            3600L,
            3600,
            3599,
            1,
            2,
            new RunReport.Latency(110, 300, 900),
            Map.of("kafka", new RunReport.Component("4.3.1", 5.4, 246L)));

    assertThat(new ObjectMapper().readTree(report.toJson()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"duration_s": 60.2, "ticks_sent": 3600, "ticks_in_kafka": 3600, "ticks_in_cassandra": 3599,
                     "gaps": 1, "rejected": 2, "latency_ms": {"p50": 110, "p99": 300, "max": 900},
                     "components": {"kafka": {"version": "4.3.1", "startup_s": 5.4, "rss_mb": 246}}}
                    """));
  }

  @Test
  void ticksSentIsNullWhenAFeedIsLive() throws Exception {
    RunReport report = new RunReport(60, null, 10, 10, 0, 0, null, Map.of());

    assertThat(new ObjectMapper().readTree(report.toJson()).get("ticks_sent").isNull()).isTrue();
    assertThat(report.summary("Finnhub live"))
        .startsWith("Finnhub live: unknown number sent, 10 in Kafka");
  }
}
