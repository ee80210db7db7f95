package io.marketstream.api.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.api.market.Coverage;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.query.Jobs;
import io.marketstream.api.query.Latency;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  private static final Instant AT = Instant.parse("2026-11-29T23:10:04.123Z");
  private static final long NOW = AT.toEpochMilli();
  private static final Duration MAX_DELAY = Duration.ofSeconds(30);

  @Test
  void aHealthyPipelineIsOneScreenWithAlignedColumns() {
    Status status =
        new Status(
            AT,
            List.of(
                new Connectors(
                        List.of(
                            connector("finnhub-source", "RUNNING", "RUNNING"),
                            connector("coincap", "RUNNING", "RUNNING")),
                        List.of())
                    .section(),
                Feeds.section(
                    List.of(
                        new Heartbeat("finnhub", NOW - 4_000, NOW - 250, true, 28, 0, 133L),
                        new Heartbeat("coincap", NOW - 9_000, null, true, 1, 0, null)),
                    Optional.empty(),
                    NOW),
                TickRate.section(List.of("market_data"), ends(100, 0), ends(220, 2)),
                JobLag.section(
                    List.of(job(NOW - 1_250, NOW - 400, Map.of("market_data-0", 90L))),
                    Optional.of(Map.of("market_data-0", 100L)),
                    MAX_DELAY,
                    NOW),
                WriteLatency.section(
                    List.of(new Latency.OfSource("finnhub", 420, 1_300, NOW - 1_000, 40)),
                    MAX_DELAY,
                    NOW),
                RecentGaps.section(List.of(), NOW),
                Today.section(List.of(covered("AAPL", 100_000, 0)))));

    assertThat(status.isHealthy()).isTrue();
    assertThat(new StatusText(false).lines(status))
        .containsExactly(
            "2026-11-29T23:10:04Z  everything is healthy",
            "",
            "connectors   name            state    tasks           worker",
            "             finnhub-source  RUNNING  1 of 1 running  10.0.0.1:8083",
            "             coincap         RUNNING  1 of 1 running  10.0.0.1:8083",
            "",
            "feeds        source   connected  symbols  refused  last tick   feed delay  heartbeat",
            "             coincap  yes        1        0        -           -           9.0 s ago",
            "             finnhub  yes        28       0        250 ms ago  133 ms      4.0 s ago",
            "",
            "ticks        60.0 per second into market_data, over 2.0 s",
            "",
            "job          job       lag (records)  behind  last report",
            "             5b1f0c9e  10             1.3 s   400 ms ago",
            "",
            "latency      source   median  max    newest rows  last tick",
            "             finnhub  420 ms  1.3 s  40           1.0 s ago",
            "",
            "gaps         none in the last hour",
            "",
            "today        source   complete   symbols  worst symbol    dropped",
            "             finnhub  100.000 %  1        AAPL 100.000 %  0");
  }

  @Test
  void whatIsWrongIsMarkedAndNamedAgainAtTheEnd() {
    Status status =
        new Status(
            AT,
            List.of(
                new Connectors(
                        List.of(connector("finnhub-source", "RUNNING", "FAILED")),
                        List.of("http://b:8083 does not answer: refused"))
                    .section(),
                Section.unreadable("job", "Cassandra cannot be reached"),
                Section.notAsked("gaps", "--cassandra")));

    assertThat(new StatusText(false).lines(status))
        .containsExactly(
            "2026-11-29T23:10:04Z  3 things are wrong",
            "",
            "connectors   name            state    tasks           worker",
            "           ! finnhub-source  RUNNING  0 of 1 running  10.0.0.1:8083",
            "           ! http://b:8083 does not answer: refused",
            "",
            "job        ! cannot be read: Cassandra cannot be reached",
            "",
            "gaps         not read; to read it, add --cassandra",
            "",
            "not healthy:",
            "  connectors: finnhub-source: task 0 is FAILED (the key is refused)",
            "  connectors: http://b:8083 does not answer: refused",
            "  job: cannot be read");
    assertThat(new StatusText(true).lines(status).get(0)).contains("\u001b[31m");
    assertThat(status.hasSeenAnything()).isTrue();
  }

  @Test
  void theJsonHasTheSameFigures() throws Exception {
    JsonNode json =
        new ObjectMapper()
            .readTree(
                new Status(
                        AT,
                        List.of(
                            RecentGaps.section(List.of(gap("AAPL", NOW - 9_000, null, 7L)), NOW),
                            Section.unreadable("job", "away"),
                            Section.notAsked("ticks", "--bootstrap-servers")))
                    .toJson());

    assertThat(json.get("healthy").asBoolean()).isFalse();
    assertThat(json.at("/problems/0").asText())
        .isEqualTo("gaps: finnhub: 1 gap in the last hour, 1 of them open");
    assertThat(json.at("/gaps/0/longest_ms").asLong()).isEqualTo(9_000);
    assertThat(json.at("/gaps/0/dropped").asLong()).isEqualTo(7);
    assertThat(json.at("/job/error").asText()).isEqualTo("away");
    assertThat(json.get("ticks").isNull()).isTrue();
  }

  @Test
  void aSilentSourceIsWrongUnlessNoConnectorWritesIt() {
    List<Heartbeat> heartbeats =
        List.of(new Heartbeat("finnhub-sim", NOW - 70_000, null, true, 1, 0, null));

    assertThat(Feeds.section(heartbeats, Optional.empty(), NOW).problems())
        .containsExactly("feeds: finnhub-sim: its last heartbeat was 1.2 min ago");
    assertThat(Feeds.section(heartbeats, Optional.of(Set.of("finnhub-sim")), NOW).problems())
        .hasSize(1);
    assertThat(Feeds.section(heartbeats, Optional.of(Set.of("finnhub")), NOW).problems())
        .containsExactly("feeds: no heartbeat of the last day");
  }

  @Test
  void aFeedThatRefusesOrIsLateIsWrong() {
    assertThat(
            Feeds.section(
                    List.of(
                        new Heartbeat("a", NOW, NOW, true, 9, 2, 60_001L),
                        new Heartbeat("b", NOW, NOW, false, 9, 0, -2_001L),
                        new Heartbeat("c", NOW, NOW, true, 9, 0, -2_000L)),
                    Optional.empty(),
                    NOW)
                .problems())
        .containsExactly(
            "feeds: a: the feed refuses 2 symbols, the feed delay is 1.0 min",
            "feeds: b: it is not connected, the feed delay is -2.0 s");
  }

  @Test
  void aJobIsWrongIfItIsSilentOrBehind() {
    assertThat(problems(job(NOW - 30_000, NOW - 30_000, Map.of()))).isEmpty();
    assertThat(problems(job(NOW - 40_000, NOW - 30_001, Map.of("market_data-0", 99L))))
        .containsExactly("job: 5b1f0c9e last reported 30.0 s ago (1 record). Does it run?");
    assertThat(problems(job(NOW - 30_001, NOW - 100, Map.of())))
        .containsExactly("job: 5b1f0c9e is behind by 30.0 s (100 records)");
    assertThat(problems(job(null, NOW - 100, Map.of())))
        .containsExactly("job: 5b1f0c9e has not caught up with the topics yet (100 records)");
    assertThat(JobLag.section(List.of(), Optional.empty(), MAX_DELAY, NOW).problems())
        .containsExactly("job: no job has reported to the table job_progress");
  }

  @Test
  void aTopicThatIsMissingIsWrongAndAClosedMarketIsNot() {
    assertThat(TickRate.section(List.of("market_data"), ends(5, 0), ends(5, 2)).problems())
        .isEmpty();
    assertThat(TickRate.section(List.of("market_dada"), ends(5, 0), ends(9, 2)).problems())
        .containsExactly("ticks: there is no topic market_dada");
  }

  @Test
  void todayIsWrongBelowNinetyNinePercentAndNeverRoundedUp() {
    assertThat(Today.section(List.of(covered("AAPL", 99_000, 1_000))).problems()).isEmpty();
    Section section =
        Today.section(List.of(covered("AAPL", 9_999_999, 1), covered("MSFT", 900_000, 100_000)));
    assertThat(section.problems()).isEmpty();
    assertThat(section.rows().get(0).cells()).contains("MSFT 90.000 %", "99.090 %");
    assertThat(Today.section(List.of(covered("AAPL", 98_999, 1_001))).problems())
        .containsExactly("today: finnhub: 98.999 % complete");
    assertThat(Today.section(List.of(covered("AAPL", 999_999_999, 1))).rows().get(0).cells())
        .contains("99.999 %");
  }

  @Test
  void onlyConnectorsOfMarketStreamCountAndAFailureIsItsLastCause() throws Exception {
    List<Connectors.Connector> found =
        Connectors.parse(
            new ObjectMapper()
                .readTree(
                    """
                    {"jdbc": {"info": {"config": {"connector.class": "io.other.Jdbc"}},
                      "status": {"connector": {"state": "FAILED"}, "tasks": []}},
                     "finnhub": {"info": {"config": {"source.name": "f",
                        "connector.class": "io.marketstream.finnhub.FinnhubSourceConnector"}},
                      "status": {"connector": {"state": "RUNNING", "worker_id": "w"},
                        "tasks": [{"id": 0, "state": "FAILED", "worker_id": "w",
                          "trace": "org.X: failed\\n\\tat a\\nCaused by: org.Y: no key\\n\\tat b"}]}}}
                    """));

    assertThat(found)
        .containsExactly(
            new Connectors.Connector(
                "finnhub",
                "RUNNING",
                "w",
                List.of(new Connectors.Task(0, "FAILED", "w", "no key")),
                "f"));
  }

  @Test
  void theLagIsThatOfTheTopicsOfTheJob() {
    Jobs.Job job = job(null, null, Map.of("market_data-0", 40L));

    assertThat(job.lag(Map.of("market_data-0", 100L, "market_data-1", 5L, "other-0", 9L)))
        .as("a partition that is not reported counts from its beginning")
        .isEqualTo(65);
  }

  private static List<String> problems(Jobs.Job job) {
    return JobLag.section(List.of(job), Optional.of(Map.of("market_data-0", 100L)), MAX_DELAY, NOW)
        .problems();
  }

  private static Jobs.Job job(Long completeUntil, Long reportedAt, Map<String, Long> offsets) {
    return new Jobs.Job(
        "5b1f0c9e-aaaa", Set.of("market_data"), 0, offsets, completeUntil, reportedAt);
  }

  private static TopicReader.Ends ends(long end, long seconds) {
    return new TopicReader.Ends(
        Map.of("market_data-0", end, "market_data_gaps-0", end * 7), seconds * 1_000_000_000);
  }

  private static Connectors.Connector connector(String name, String state, String task) {
    return new Connectors.Connector(
        name,
        state,
        "10.0.0.1:8083",
        List.of(
            new Connectors.Task(
                0, task, "10.0.0.1:8083", task.equals("FAILED") ? "the key is refused" : "")),
        "");
  }

  private static Today.OfSymbol covered(String symbol, long coveredMs, long gapMs) {
    return new Today.OfSymbol(
        new Instrument("finnhub", symbol),
        new Coverage(0, 1, coveredMs, gapMs, 0, 0, Coverage.State.PENDING, false));
  }

  private static Gap gap(String symbol, long start, Long end, Long dropped) {
    return new Gap("finnhub", symbol, start, end, "OVERFLOW", 1, null, 1, dropped, null);
  }
}
