package io.marketstream.pipeline;

import io.marketstream.auditor.cluster.AuditProgress;
import io.marketstream.auditor.cluster.AuditScope;
import io.marketstream.auditor.cluster.AuditedTopics;
import io.marketstream.auditor.cluster.ClusterAudit;
import io.marketstream.auditor.evidence.SentTick;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.model.CandleInterval;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The audit of a test's pipeline, whose simulators know what they sent. */
public final class PipelineAudit {

  @SuppressWarnings("TimeInStaticInitializer") // a day before the first audit is early enough
  private static final AuditScope SCOPE =
      new AuditScope(
          Set.of(),
          Optional.of(Instant.now().minus(Duration.ofDays(1))), // no test runs longer
          Optional.empty(),
          // By the table alone a job that keeps no candles would be right.
          Optional.of(
              Arrays.stream(TestStackBuilder.CANDLES.split(","))
                  .map(CandleInterval::parse)
                  .toList()),
          Optional.empty(),
          Duration.ofMillis(100), // the simulators pause: no gap is on its way for long
          AuditScope.DEFAULT_PATIENCE);

  private final TestPipeline pipeline;

  PipelineAudit(TestPipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Everything that was sent until now. */
  public AuditReport look() throws InterruptedException {
    return lookWithRecordsOf(Set.of(TestPipeline.FINNHUB, TestPipeline.COINCAP));
  }

  /** The same, but what other sources sent nobody recorded. */
  AuditReport lookWithRecordsOf(Set<String> sources) throws InterruptedException {
    Map<String, List<SentTick>> sent = new HashMap<>();
    sent.put(TestPipeline.FINNHUB, recorded(TestPipeline.FINNHUB, pipeline.finnhub.sent()));
    sent.put(TestPipeline.COINCAP, recorded(TestPipeline.COINCAP, pipeline.coincap.sent()));
    sent.keySet().retainAll(sources);
    return look(Optional.of(topics()), Optional.of(sent));
  }

  /** What a user can audit, whose feeds keep no record: by the numbers of topics and tables. */
  public AuditReport lookWithoutRecords() throws InterruptedException {
    return look(Optional.of(topics()), Optional.empty());
  }

  /** The same by the numbers of the tables alone. */
  public AuditReport lookAtTables() throws InterruptedException {
    return look(Optional.empty(), Optional.empty());
  }

  /** Returns what a simulator sent, as the auditor reads it from a journal. */
  public static List<SentTick> recorded(
      String source, List<io.marketstream.simulator.journal.SentTick> ticks) {
    return ticks.stream()
        .map(
            tick ->
                new SentTick(
                    source,
                    tick.connection(),
                    tick.connectionOpenedAt(),
                    tick.symbol(),
                    tick.price(),
                    tick.volume(),
                    tick.conditions(),
                    tick.eventTimeMs(),
                    tick.sequence(),
                    tick.writtenAt()))
        .toList();
  }

  private AuditedTopics topics() {
    return AuditedTopics.standard(pipeline.stack.kafka.bootstrapServers());
  }

  /**
   * An audit while the feeds run. It waits for a job that is slow because the machine is.
   *
   * @param withTopics whether the topics are read as well
   */
  public AuditReport live(boolean withTopics) throws InterruptedException {
    return live(withTopics, Duration.ofSeconds(10), Duration.ofSeconds(120));
  }

  /**
   * The same, and it waits ten seconds at most: what the job has not reached by then is on its way.
   */
  public AuditReport liveWithLittlePatience(boolean withTopics) throws InterruptedException {
    return liveWithLittlePatience(withTopics, Duration.ofSeconds(10));
  }

  /**
   * The same.
   *
   * @param settling how much later than the ticks around it a gap may reach its table
   */
  public AuditReport liveWithLittlePatience(boolean withTopics, Duration settling)
      throws InterruptedException {
    return live(withTopics, settling, Duration.ofSeconds(10));
  }

  private AuditReport live(boolean withTopics, Duration settling, Duration patience)
      throws InterruptedException {
    AuditScope live =
        new AuditScope(
            SCOPE.sources(),
            SCOPE.since(),
            SCOPE.until(),
            Optional.empty(), // what the job says
            Optional.empty(),
            settling,
            patience);
    return look(withTopics ? Optional.of(topics()) : Optional.empty(), Optional.empty(), live);
  }

  private AuditReport look(
      Optional<AuditedTopics> topics, Optional<Map<String, List<SentTick>>> sent)
      throws InterruptedException {
    return look(topics, sent, SCOPE);
  }

  private AuditReport look(
      Optional<AuditedTopics> topics, Optional<Map<String, List<SentTick>>> sent, AuditScope scope)
      throws InterruptedException {
    return new ClusterAudit(
            pipeline.cassandra(),
            topics,
            sent,
            scope,
            Clock.systemUTC(),
            Optional.empty(),
            AuditProgress.NONE)
        .run();
  }
}
