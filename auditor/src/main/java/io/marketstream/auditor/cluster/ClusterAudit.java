package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.check.AuditRules;
import io.marketstream.auditor.evidence.ConnectionSessions;
import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.SentTick;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.TopicRecords;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.ReportSum;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Audits a cluster. Rows are streamed, a few symbols at a time. If topics are read, their records
 * are held in memory, at most about 60 bytes per record.
 */
public final class ClusterAudit {
  private static final int MAX_PARALLEL_SYMBOLS = 4;
  private static final int BYTES_PER_RECORD = 60;

  private final TableReader tables;
  private final Optional<TopicReader> topics;
  private final Optional<Map<String, List<SentTick>>> sent;
  private final AuditScope scope;
  private final AuditPreparation preparation;
  private final AuditProgress progress;
  private final Optional<TopicAudit> otherEngine;
  private final Map<SymbolKey, AuditReport> bySymbol = new TreeMap<>();

  /**
   * @param cassandra a session with the keyspace; the caller closes it
   * @param kafka the brokers and topics; empty to read no topic
   * @param sent all ticks written to sockets, by source; empty without a journal
   * @param otherEngine audits symbols with their records; empty to do it in this process
   * @param progress receives the progress
   */
  public ClusterAudit(
      CqlSession cassandra,
      Optional<AuditedTopics> kafka,
      Optional<Map<String, List<SentTick>>> sent,
      AuditScope scope,
      Clock clock,
      Optional<TopicAudit> otherEngine,
      AuditProgress progress) {
    this.tables = new TableReader(cassandra);
    this.topics = kafka.map(TopicReader::new);
    this.sent = sent;
    this.scope = scope;
    this.otherEngine = otherEngine;
    this.progress = progress;
    this.preparation = new AuditPreparation(cassandra, tables, topics, scope, clock, progress);
  }

  public Span span() {
    return preparation.span();
  }

  /** The rules of the audit, after retention and the options of the job are applied. */
  public AuditRules rules() {
    return preparation.rules();
  }

  /** The sources for which the last run found data. */
  public Set<String> sources() {
    return bySymbol.entrySet().stream()
        .filter(each -> each.getValue().symbols() > 0)
        .map(each -> each.getKey().source())
        .collect(Collectors.toSet());
  }

  /** The reports of the last run, for symbols with ticks, findings or gaps. */
  public Map<SymbolKey, AuditReport> bySymbol() {
    return new TreeMap<>(bySymbol);
  }

  /** How many requests the last run sent to Cassandra for rows by key. */
  public long requests() {
    return tables.requests();
  }

  /**
   * Audits.
   *
   * @throws AuditRefusedException if it needs more memory than the heap has
   * @throws com.datastax.oss.driver.api.core.DriverException if Cassandra does not answer
   * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
   */
  public AuditReport run() throws InterruptedException {
    Optional<TopicRange> range = preparation.fixCutoff();
    ReportSum sum = new ReportSum();
    bySymbol.clear();
    List<SymbolReport> reports =
        range.isPresent() && otherEngine.isPresent()
            ? auditElsewhere(range.get(), sum)
            : auditHere(range, sum);
    for (SymbolReport each : reports) {
      if (each.key() != null
          && (each.report().symbols() > 0 || each.report().gaps().millis() > 0)) {
        bySymbol.put(each.key(), each.report());
      }
      sum.add(each.report());
    }
    preparation.notes().forEach(sum::note);
    return sum.report();
  }

  private List<SymbolReport> auditElsewhere(TopicRange range, ReportSum sum) {
    AuditPlan plan = preparation.prepare(Set.of());
    plan.gapsOfEverySymbol().forEach(sum::add);
    List<SymbolReport> reports =
        new ArrayList<>(otherEngine.orElseThrow().audit(plan, range, scope.sources()));
    reports.sort(
        Comparator.comparing(SymbolReport::key, Comparator.nullsFirst(Comparator.naturalOrder())));
    return reports;
  }

  private List<SymbolReport> auditHere(Optional<TopicRange> range, ReportSum sum)
      throws InterruptedException {
    range.ifPresent(ClusterAudit::requireMemory);
    Optional<TopicReader.Ticks> records = Optional.empty();
    if (range.isPresent()) {
      long known = range.get().records();
      records =
          Optional.of(
              topics
                  .orElseThrow()
                  .ticks(range.get(), scope::concerns, count -> progress.records(count, known)));
    }
    Set<SymbolKey> others = new TreeSet<>();
    records.ifPresent(read -> others.addAll(read.symbols()));
    sent.ifPresent(
        bySource ->
            bySource.forEach(
                (source, ticks) ->
                    ticks.forEach(tick -> others.add(new SymbolKey(source, tick.symbol())))));
    AuditPlan plan = preparation.prepare(others);
    records.ifPresent(read -> sum.add(plan.unreadable(read.unreadable())));
    plan.gapsOfEverySymbol().forEach(sum::add);
    return auditSymbols(plan, records, matchSessions(plan, records));
  }

  static void requireMemory(TopicRange range) {
    long needed = range.records() * BYTES_PER_RECORD / 1_048_576;
    long there = Runtime.getRuntime().maxMemory() / 1_048_576;
    if (needed > there * 6 / 10) {
      throw new AuditRefusedException(
          String.format(
              "The topics hold %,d records of this time, which need about %,d MB of a heap of %,d MB."
                  + " Shorten the time, set MARKET_STREAM_AUDIT_HEAP to %,dm, or run the audit as"
                  + " a Spark job (auditor/README.md)",
              range.records(), needed, there, needed * 10 / 6 + 100));
    }
  }

  private List<SymbolReport> auditSymbols(
      AuditPlan plan, Optional<TopicReader.Ticks> records, Map<String, Map<Long, Long>> sessions)
      throws InterruptedException {
    Map<SymbolKey, Future<AuditReport>> reports = new TreeMap<>();
    AuditPlan.SymbolAuditor auditor = plan.auditor(tables);
    ExecutorService threads = Executors.newFixedThreadPool(MAX_PARALLEL_SYMBOLS);
    try {
      for (SymbolKey key : plan.symbols()) {
        reports.put(
            key,
            threads.submit(
                () -> {
                  Optional<TopicRecords> topic = records.map(read -> read.take(key));
                  AuditReport report = auditor.audit(key, topic, delivered(key, sessions));
                  progress.symbolDone(plan.symbols().size(), report.counts().stored());
                  return report;
                }));
      }
      List<SymbolReport> done = new ArrayList<>();
      for (Map.Entry<SymbolKey, Future<AuditReport>> each : reports.entrySet()) {
        done.add(new SymbolReport(each.getKey(), each.getValue().get()));
      }
      return done;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Optional<List<DeliveredTick>> delivered(
      SymbolKey key, Map<String, Map<Long, Long>> sessions) {
    // A source without a journal is not the same as a source that sent nothing.
    return sent.flatMap(bySource -> Optional.ofNullable(bySource.get(key.source())))
        .map(
            ticks ->
                ticks.stream()
                    .filter(tick -> tick.symbol().equals(key.symbol()))
                    .map(
                        tick ->
                            new DeliveredTick(
                                tick,
                                sessions
                                    .getOrDefault(key.source(), Map.of())
                                    .get(tick.connectionOpenedAt())))
                    .toList());
  }

  /**
   * Matches sessions per source. A session without ticks of one symbol is known from other symbols
   * or gaps.
   */
  private Map<String, Map<Long, Long>> matchSessions(
      AuditPlan plan, Optional<TopicReader.Ticks> records) {
    Map<String, Map<Long, Long>> matched = new HashMap<>();
    sent.ifPresent(
        bySource ->
            bySource.forEach(
                (source, ticks) ->
                    matched.put(
                        source,
                        ConnectionSessions.match(
                            ticks.stream()
                                .map(SentTick::connectionOpenedAt)
                                .collect(Collectors.toSet()),
                            sessions(source, plan, records)))));
    return matched;
  }

  private Set<Long> sessions(String source, AuditPlan plan, Optional<TopicReader.Ticks> records) {
    Set<Long> sessions = new TreeSet<>(plan.sessions(tables, source));
    records.ifPresent(
        read ->
            read.symbols().stream()
                .filter(key -> key.source().equals(source))
                .forEach(
                    key ->
                        read.records(key)
                            .forEachRemaining(
                                record -> sessions.add(record.tick().id().session()))));
    return sessions;
  }
}
