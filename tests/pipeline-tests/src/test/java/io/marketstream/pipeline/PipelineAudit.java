package io.marketstream.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
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

/** Audits a test's pipeline, whose simulators record what they send. */
public final class PipelineAudit {

  @SuppressWarnings("TimeInStaticInitializer") // a day before the first audit is early enough
  private static final AuditScope SCOPE =
      new AuditScope(
          Set.of(),
          Optional.of(Instant.now().minus(Duration.ofDays(1))), // no test runs longer
          Optional.empty(),
          // Otherwise missing candles would not be found.
          Optional.of(
              Arrays.stream(TestStackBuilder.CANDLES.split(","))
                  .map(CandleInterval::parse)
                  .toList()),
          Optional.empty(),
          Duration.ofMillis(100), // the simulators pause, so every gap arrives soon
          AuditScope.DEFAULT_WAIT);

  private final TestPipeline pipeline;
  private long deliveredOfJournals;

  PipelineAudit(TestPipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Audits everything that was sent until now. */
  public AuditReport auditAll() throws InterruptedException {
    return auditWithJournalsOf(Set.of(TestPipeline.FINNHUB, TestPipeline.COINCAP));
  }

  /** Audits the same with journals of only these sources. */
  AuditReport auditWithJournalsOf(Set<String> sources) throws InterruptedException {
    Map<String, List<SentTick>> sent = new HashMap<>();
    sent.put(TestPipeline.FINNHUB, recorded(TestPipeline.FINNHUB, pipeline.finnhub.sent()));
    sent.put(TestPipeline.COINCAP, recorded(TestPipeline.COINCAP, pipeline.coincap.sent()));
    sent.keySet().retainAll(sources);
    ClusterAudit audit =
        clusterAudit(pipeline.cassandra(), Optional.of(topics()), Optional.of(sent), SCOPE);
    AuditReport report = audit.run();
    deliveredOfJournals =
        audit.bySymbol().entrySet().stream()
            .filter(symbol -> sources.contains(symbol.getKey().source()))
            .mapToLong(symbol -> symbol.getValue().counts().delivered())
            .sum();
    return report;
  }

  /**
   * Returns the ticks that the last audit with journals counted as delivered, without those of
   * sources that have no journal.
   */
  public long deliveredOfJournals() {
    return deliveredOfJournals;
  }

  /** Audits with topics and tables, without a journal. */
  public AuditReport auditWithoutJournal() throws InterruptedException {
    return auditWithoutJournal(pipeline.stack, pipeline.cassandra());
  }

  /**
   * Audits the same of a stack that is not a {@link TestPipeline}.
   *
   * @param cassandra a session that uses the keyspace of the job
   */
  public static AuditReport auditWithoutJournal(TestStack stack, CqlSession cassandra)
      throws InterruptedException {
    return audit(cassandra, Optional.of(topics(stack)), Optional.empty(), SCOPE);
  }

  /** Audits with the tables alone. */
  public AuditReport auditTables() throws InterruptedException {
    return audit(Optional.empty(), Optional.empty());
  }

  /** Returns the ticks that a simulator sent, as the auditor reads them from a journal. */
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
    return topics(pipeline.stack);
  }

  private static AuditedTopics topics(TestStack stack) {
    return AuditedTopics.standard(stack.kafka.bootstrapServers());
  }

  /**
   * Audits while the feeds run. It waits for a job that is slow on a busy machine.
   *
   * @param withTopics whether the topics are read as well
   */
  public AuditReport live(boolean withTopics) throws InterruptedException {
    return live(withTopics, Duration.ofSeconds(10), Duration.ofSeconds(120));
  }

  /**
   * Audits the same, but waits at most ten seconds. Ticks that the job has not reached by then are
   * on their way.
   */
  public AuditReport liveWithShortWait(boolean withTopics) throws InterruptedException {
    return liveWithShortWait(withTopics, Duration.ofSeconds(10));
  }

  /**
   * Audits the same with a given settling time.
   *
   * @param settling how much later than the ticks around it a gap may reach its table
   */
  public AuditReport liveWithShortWait(boolean withTopics, Duration settling)
      throws InterruptedException {
    return live(withTopics, settling, Duration.ofSeconds(10));
  }

  private AuditReport live(boolean withTopics, Duration settling, Duration maxWait)
      throws InterruptedException {
    AuditScope live =
        new AuditScope(
            SCOPE.sources(),
            SCOPE.since(),
            SCOPE.until(),
            Optional.empty(), // what the job reports
            Optional.empty(),
            settling,
            maxWait);
    return audit(withTopics ? Optional.of(topics()) : Optional.empty(), Optional.empty(), live);
  }

  private AuditReport audit(
      Optional<AuditedTopics> topics, Optional<Map<String, List<SentTick>>> sent)
      throws InterruptedException {
    return audit(topics, sent, SCOPE);
  }

  private AuditReport audit(
      Optional<AuditedTopics> topics, Optional<Map<String, List<SentTick>>> sent, AuditScope scope)
      throws InterruptedException {
    return audit(pipeline.cassandra(), topics, sent, scope);
  }

  private static AuditReport audit(
      CqlSession cassandra,
      Optional<AuditedTopics> topics,
      Optional<Map<String, List<SentTick>>> sent,
      AuditScope scope)
      throws InterruptedException {
    return clusterAudit(cassandra, topics, sent, scope).run();
  }

  private static ClusterAudit clusterAudit(
      CqlSession cassandra,
      Optional<AuditedTopics> topics,
      Optional<Map<String, List<SentTick>>> sent,
      AuditScope scope) {
    return new ClusterAudit(
        cassandra, topics, sent, scope, Clock.systemUTC(), Optional.empty(), AuditProgress.NONE);
  }
}
