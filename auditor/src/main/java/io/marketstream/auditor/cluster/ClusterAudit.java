package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.Audit;
import io.marketstream.auditor.AuditReport;
import io.marketstream.auditor.AuditRules;
import io.marketstream.auditor.CandleInterval;
import io.marketstream.auditor.ConnectionSessions;
import io.marketstream.auditor.DeliveredTick;
import io.marketstream.auditor.Gap;
import io.marketstream.auditor.SentTick;
import io.marketstream.auditor.Span;
import io.marketstream.auditor.SymbolEvidence;
import io.marketstream.auditor.SymbolKey;
import io.marketstream.auditor.Tick;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Audits a cluster, one symbol after the other.
 *
 * <p>What seems wrong is looked at again, some seconds later and with all hours that are kept
 * around it: a tick may have been on its way, or carry the time of an earlier hour. Only what every
 * look finds is a finding.
 */
public final class ClusterAudit {
  private static final int LOOKS = 3;
  private static final Duration MARGIN = Duration.ofHours(1);

  /** Rows expire by the time at which they were written, which is not that of their hour. */
  private static final Duration EXPIRING = Duration.ofHours(2);

  /** Further ahead of the clock no event time is accepted by any job. */
  private static final Duration AHEAD = Duration.ofHours(26);

  private final TableEvidence tables;
  private final Optional<TopicEvidence> topics;
  private final Optional<Map<String, List<SentTick>>> sent;
  private final AuditScope scope;
  private final Span span;
  private final Clock clock;
  private final Map<SymbolKey, Set<LocalDate>> gapMonths = new HashMap<>();
  private final Map<SymbolKey, Map<String, Set<LocalDate>>> candleMonths = new HashMap<>();
  private TreeMap<SymbolKey, NavigableSet<Long>> hours = new TreeMap<>();
  private final Map<String, Map<Long, Long>> sessionsByOpening = new HashMap<>();
  private final Set<String> sources = new TreeSet<>();

  /**
   * @param cassandra with the keyspace chosen; the caller closes it
   * @param kafka where the topics are; empty to read no topic
   * @param sent ticks written to sockets by source, all of these sources; empty where nobody
   *     recorded them
   */
  public ClusterAudit(
      CqlSession cassandra,
      Optional<AuditedTopics> kafka,
      Optional<Map<String, List<SentTick>>> sent,
      AuditScope scope,
      Clock clock) {
    this.tables = new TableEvidence(cassandra);
    this.topics = kafka.map(TopicEvidence::new);
    this.sent = sent;
    this.scope = scope;
    this.clock = clock;
    Optional<Long> stillThere =
        tables.retention().map(kept -> clock.instant().minus(kept).plus(EXPIRING).toEpochMilli());
    long since =
        Math.max(
            scope.since().map(time -> time.toEpochMilli()).orElse(Long.MIN_VALUE),
            stillThere.orElse(Long.MIN_VALUE));
    long until = scope.until().map(time -> time.toEpochMilli()).orElse(Long.MAX_VALUE);
    this.span = new Span(since, until);
  }

  public Span span() {
    return span;
  }

  /** What is really audited: retention and the intervals that the table has now. */
  public AuditRules rules() {
    return rules(tables.candleMonths(scope::concerns));
  }

  private AuditRules rules(Map<SymbolKey, Map<String, Set<LocalDate>>> kept) {
    return new AuditRules(
        span, scope.intervals().orElseGet(() -> intervals(kept)), scope.lateness().toMillis());
  }

  /**
   * @throws com.datastax.oss.driver.api.core.DriverException if Cassandra does not answer
   * @throws org.apache.kafka.common.KafkaException if Kafka does not
   */
  public AuditReport run() throws InterruptedException {
    Map<SymbolKey, AuditReport> reports = look(key -> true, MARGIN);
    for (int look = 2;
        look <= LOOKS && reports.values().stream().anyMatch(r -> !r.isClean());
        look++) {
      Thread.sleep(scope.settling().toMillis());
      Set<SymbolKey> doubtful = new HashSet<>();
      reports.forEach(
          (key, report) -> {
            if (!report.isClean()) {
              doubtful.add(key);
            }
          });
      look(doubtful::contains, Duration.ofDays(3650))
          .forEach((key, again) -> reports.merge(key, again, AuditReport::lastingIn));
    }
    sources.clear();
    reports.forEach(
        (key, report) -> {
          if (report.symbols() > 0) {
            sources.add(key.source());
          }
        });
    return reports.values().stream().reduce(AuditReport.NOTHING, AuditReport::plus);
  }

  /** Those of which the last run found anything to audit. */
  public Set<String> sources() {
    return Set.copyOf(sources);
  }

  private Map<SymbolKey, AuditReport> look(Predicate<SymbolKey> wanted, Duration margin) {
    Predicate<String> concerned = scope::concerns;
    gapMonths.clear();
    gapMonths.putAll(tables.gapMonths(concerned));
    candleMonths.clear();
    candleMonths.putAll(tables.candleMonths(concerned));
    AuditRules rules = rules(candleMonths);
    topics.ifPresent(
        read ->
            read.read(
                minus(span.since(), MARGIN.plus(scope.lateness())),
                key -> scope.concerns(key.source()) && wanted.test(key)));
    Set<SymbolKey> elsewhere = symbolsElsewhere();
    hours = tables.retention().isPresent() ? hours(elsewhere, margin) : tables.hours(concerned);
    matchSessions();
    Map<SymbolKey, AuditReport> reports = new TreeMap<>();
    Audit audit = new Audit(rules);
    for (SymbolKey key : symbols(elsewhere)) {
      if (wanted.test(key)) {
        reports.put(key, audit.of(evidence(key, margin, rules.intervals())));
      }
    }
    return reports;
  }

  /** All that any table or topic has something of: what one lacks the others show. */
  private Set<SymbolKey> symbols(Set<SymbolKey> elsewhere) {
    Set<SymbolKey> symbols = new TreeSet<>(elsewhere);
    hours.keySet().stream()
        .filter(key -> !hours(key, Duration.ZERO).isEmpty())
        .forEach(symbols::add);
    return symbols;
  }

  /** Without those of {@code ticks}, which has too many rows to be asked for its symbols. */
  private Set<SymbolKey> symbolsElsewhere() {
    Set<SymbolKey> symbols = new TreeSet<>();
    candleMonths.forEach(
        (key, months) -> {
          if (months.values().stream().anyMatch(this::isAnyWithin)) {
            symbols.add(key);
          }
        });
    gapMonths.forEach(
        (key, months) -> {
          if (!key.symbol().equals(SymbolKey.ALL) && isAnyWithin(months)) {
            symbols.add(key);
          }
        });
    tables
        .latestTimes(scope::concerns)
        .forEach(
            (key, eventTime) -> {
              if (span.contains(eventTime)) {
                symbols.add(key);
              }
            });
    topics.ifPresent(read -> symbols.addAll(read.symbols()));
    sent.ifPresent(
        bySource ->
            bySource.forEach(
                (source, ticks) ->
                    ticks.forEach(tick -> symbols.add(new SymbolKey(source, tick.symbol())))));
    symbols.removeIf(key -> !scope.concerns(key.source()));
    return symbols;
  }

  private boolean isAnyWithin(Set<LocalDate> months) {
    return months.stream().anyMatch(month -> TableEvidence.isWithin(span, month));
  }

  /** Those that hold rows which cannot have expired. */
  private TreeMap<SymbolKey, NavigableSet<Long>> hours(Set<SymbolKey> symbols, Duration margin) {
    long oldest =
        tables
            .retention()
            .map(kept -> now().minus(kept).plus(EXPIRING))
            .orElseThrow()
            .toEpochMilli();
    long newest = now().plus(AHEAD).toEpochMilli();
    return tables.hours(
        symbols,
        TableEvidence.hour(Math.max(minus(span.since(), margin), oldest)),
        Math.min(plus(span.until(), margin), newest));
  }

  private Instant now() {
    return clock.instant();
  }

  private Set<Long> hours(SymbolKey key, Duration margin) {
    NavigableSet<Long> kept = hours.getOrDefault(key, new TreeSet<>());
    long first = TableEvidence.hour(minus(span.since(), margin));
    long after = plus(span.until(), margin);
    // What is asked for may have expired altogether.
    return first > after ? Set.of() : kept.subSet(first, true, after, true);
  }

  private SymbolEvidence evidence(SymbolKey key, Duration margin, List<CandleInterval> intervals) {
    List<Tick> rows = tables.ticks(key, hours(key, margin));
    Optional<Tick> latest = tables.latest(key);
    List<Gap> gaps = new ArrayList<>(gaps(key));
    gaps.addAll(gaps(SymbolKey.all(key.source())));
    return new SymbolEvidence(
        key,
        delivered(key),
        topics.map(read -> read.ticks(key)),
        rows,
        latest,
        tables.candles(key, intervals, candleMonths.getOrDefault(key, Map.of()), span.since()),
        gaps,
        topics.map(read -> read.rejects(key.source())).orElse(List.of()));
  }

  private List<Gap> gaps(SymbolKey key) {
    return tables.gaps(key, gapMonths.getOrDefault(key, Set.of()));
  }

  private Optional<List<DeliveredTick>> delivered(SymbolKey key) {
    // Of a source that is not recorded nobody knows what was sent, which is not: nothing.
    return sent.flatMap(bySource -> Optional.ofNullable(bySource.get(key.source())))
        .map(
            ticks ->
                ticks.stream()
                    .filter(tick -> tick.symbol().equals(key.symbol()))
                    .map(
                        tick ->
                            new DeliveredTick(
                                tick,
                                sessionsByOpening.get(key.source()).get(tick.connectionOpenedAt())))
                    .toList());
  }

  /** A session that brought nothing of one symbol is known by its others, or by gaps. */
  private void matchSessions() {
    sessionsByOpening.clear();
    sent.ifPresent(
        bySource ->
            bySource.forEach(
                (source, ticks) ->
                    sessionsByOpening.put(
                        source,
                        ConnectionSessions.match(
                            ticks.stream().map(SentTick::connectionOpenedAt).distinct().toList(),
                            sessions(source)))));
  }

  private Set<Long> sessions(String source) {
    Set<Long> sessions = new TreeSet<>();
    hours.forEach(
        (key, kept) -> {
          if (key.source().equals(source)) {
            sessions.addAll(tables.sessions(key, kept));
          }
        });
    for (SymbolKey key : gapMonths.keySet()) {
      if (key.source().equals(source)) {
        for (Gap gap : gaps(key)) {
          sessions.add(gap.sessionBefore());
          if (gap.sessionAfter() != null) {
            sessions.add(gap.sessionAfter());
          }
        }
      }
    }
    topics.ifPresent(
        read ->
            read.symbols().stream()
                .filter(key -> key.source().equals(source))
                .forEach(
                    key ->
                        read.ticks(key)
                            .ticks()
                            .forEach(copy -> sessions.add(copy.tick().id().session()))));
    return sessions;
  }

  private static List<CandleInterval> intervals(Map<SymbolKey, Map<String, Set<LocalDate>>> kept) {
    return kept.values().stream()
        .flatMap(months -> months.keySet().stream())
        .distinct()
        .map(CandleInterval::parse)
        .sorted(Comparator.comparingLong(CandleInterval::millis))
        .toList();
  }

  private static long plus(long epochMs, Duration duration) {
    return epochMs > Long.MAX_VALUE - duration.toMillis() ? epochMs : epochMs + duration.toMillis();
  }

  private static long minus(long epochMs, Duration duration) {
    return epochMs < Long.MIN_VALUE + duration.toMillis() ? epochMs : epochMs - duration.toMillis();
  }
}
