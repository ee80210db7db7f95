package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.check.AuditRules;
import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.ComputedInterval;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.Rejects;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.Tables;
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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Prepares an audit: it decides which symbols are audited, by which rules, and as of which cutoff.
 *
 * <p>The cutoff is fixed in this order. First it waits for the job, which reports its progress.
 * Then it reads the rows that change with new ticks; they contain at least what the job had
 * processed. Then it fixes the ends of the topics, or without topics waits for the job once more.
 * Now all ticks are known that those rows may contain.
 *
 * <p>Not thread-safe; {@link AuditPlan} is.
 */
final class AuditPreparation {
  private static final Duration MARGIN = Duration.ofHours(1);

  /** Rows expire by their write time, which may differ from their hour by this much. */
  private static final Duration EXPIRY_MARGIN = Duration.ofHours(2);

  /**
   * How far an event time may be ahead of its receipt, unless the job reports another tolerance.
   */
  static final long AHEAD_MS = 60_000;

  /** No job accepts an event time that is further ahead of the clock. */
  private static final Duration MAX_AHEAD_OF_CLOCK = Duration.ofHours(26);

  /** How far back a table is read if its beginning is not known. */
  private static final Duration MAX_LOOK_BACK = Duration.ofDays(31);

  /** Older heartbeats are ignored. */
  private static final Duration MAX_HEARTBEAT_AGE = Duration.ofDays(1);

  /** Six missing heartbeats. */
  private static final Duration CONNECTOR_SILENCE_LIMIT = Duration.ofSeconds(60);

  private final TableReader tables;
  private final Optional<TopicReader> topics;
  private final AuditScope scope;
  private final Clock clock;
  private final AuditProgress progress;
  private final Span span;
  private final long oldest;
  private final boolean areKeysRead;
  private final List<String> notes = new ArrayList<>();
  private final JobWait job;
  private Map<SymbolKey, Set<LocalDate>> gapMonths = Map.of();
  private Map<SymbolKey, Map<String, Set<LocalDate>>> candleMonths = Map.of();
  private Map<SymbolKey, TableReader.LatestRow> latest = Map.of();
  private Map<SymbolKey, ChangingRows> changingRows = Map.of();
  private Jobs.@Nullable ReportedProgress written; // null before fixCutoff
  private Jobs.@Nullable ReportedProgress folded; // null before fixCutoff
  private long topicEnd = Long.MAX_VALUE;
  private long gapsUntil;

  AuditPreparation(
      CqlSession cassandra,
      TableReader tables,
      Optional<TopicReader> topics,
      AuditScope scope,
      Clock clock,
      AuditProgress progress) {
    this.tables = tables;
    this.topics = topics;
    this.scope = scope;
    this.clock = clock;
    this.progress = progress;
    this.job =
        new JobWait(cassandra, topics.isPresent(), scope.maxWait(), clock, progress, notes::add);
    Duration kept = tables.retention(Tables.TICKS);
    long stillThere = kept.isZero() ? Long.MIN_VALUE : now() - kept.minus(EXPIRY_MARGIN).toMillis();
    long since =
        Math.max(scope.since().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE), stillThere);
    long until = scope.until().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    OptionalLong firstRecords = job.jobs().beganWithNewestRecords();
    if (firstRecords.isPresent() && firstRecords.getAsLong() > since) {
      since = firstRecords.getAsLong();
      notes.add(
          "the first job began with the newest records (--starting-offsets latest): the audit begins at "
              + Instant.ofEpochMilli(since));
    }
    this.span = new Span(since, until);
    this.areKeysRead =
        tables.retention(Tables.CANDLES).isZero() && tables.retention(Tables.FEED_GAPS).isZero();
    readKeys();
    this.oldest =
        TableReader.hour(
            stillThere != Long.MIN_VALUE
                ? stillThere
                : Math.min(earliestMonth(), now() - MAX_LOOK_BACK.toMillis()));
  }

  private long now() {
    return clock.millis();
  }

  /** Reads the keys of small tables whose rows do not expire. */
  private void readKeys() {
    if (areKeysRead) {
      gapMonths = tables.gapMonths(scope::concerns);
      candleMonths = tables.candleMonths(scope::concerns);
    } else {
      notes.add(
          "candles or feed_gaps have a default_time_to_live: symbols without a row in latest_ticks"
              + " are not found");
    }
  }

  private long earliestMonth() {
    long gaps =
        gapMonths.values().stream()
            .flatMap(Set::stream)
            .mapToLong(TableReader::start)
            .min()
            .orElse(Long.MAX_VALUE);
    return candleMonths.values().stream()
        .flatMap(months -> months.values().stream())
        .flatMap(Set::stream)
        .mapToLong(TableReader::start)
        .reduce(gaps, Math::min);
  }

  Span span() {
    return span;
  }

  AuditRules rules() {
    List<ComputedInterval> kept = new ArrayList<>();
    long length = span.since() == Long.MIN_VALUE ? Long.MAX_VALUE : spanEnd() - span.since();
    long from = Math.max(span.since(), oldest);
    for (ComputedInterval candles : intervals()) {
      if (candles.interval().millis() <= length) {
        kept.add(candles);
        from = Math.min(from, candles.interval().openTime(Math.max(span.since(), oldest)));
      }
    }
    return new AuditRules(
        span, kept, Math.max(from, oldest), job.jobs().futureToleranceMs().orElse(Long.MAX_VALUE));
  }

  private long spanEnd() {
    return span.until() == Long.MAX_VALUE ? now() : span.until();
  }

  /**
   * The intervals of the command line, otherwise those that the job reports, otherwise those in the
   * table.
   */
  private List<ComputedInterval> intervals() {
    Duration lateness = lateness();
    if (scope.intervals().isPresent()) {
      return always(scope.intervals().get(), lateness);
    }
    List<ComputedInterval> ofJobs = job.jobs().candles();
    if (!ofJobs.isEmpty()) {
      return scope.lateness().isEmpty()
          ? ofJobs
          : ofJobs.stream()
              .map(
                  each ->
                      new ComputedInterval(
                          each.interval(), lateness.toMillis(), each.from(), each.until()))
              .toList();
    }
    Set<String> names = new TreeSet<>();
    candleMonths.values().forEach(months -> names.addAll(months.keySet()));
    return always(names.stream().map(CandleInterval::parse).toList(), lateness);
  }

  private Duration lateness() {
    return scope.lateness().or(() -> job.jobs().lateness()).orElse(Duration.ofMinutes(2));
  }

  private static List<ComputedInterval> always(List<CandleInterval> intervals, Duration lateness) {
    return intervals.stream()
        .map(interval -> ComputedInterval.always(interval, lateness.toMillis()))
        .sorted(Comparator.comparingLong(kept -> kept.interval().millis()))
        .toList();
  }

  /**
   * Fixes the cutoff.
   *
   * @return the part of the topics of ticks to read; empty without topics
   */
  Optional<TopicRange> fixCutoff() throws InterruptedException {
    Map<String, Long> ends = topics.map(TopicReader::ends).orElse(Map.of());
    long begin = now();
    job.awaitJob(ends, begin);
    folded = job.reached(ends, begin);
    readChangingRows();
    long read = now();
    boolean areComparable = true;
    Optional<TopicRange> range = Optional.empty();
    if (topics.isPresent()) {
      topicEnd = now() - Jobs.CLOCK_MARGIN.toMillis();
      range = Optional.of(topics.get().rangeOfTicks(recordsFrom(), recordsUntil()));
      if (range.get().from() > span.since() && span.since() != Long.MIN_VALUE) {
        notes.add(
            "the topics hold records from "
                + Instant.ofEpochMilli(range.get().from())
                + " on: earlier rows are not compared with them");
      }
      gapsUntil = topicEnd - scope.settling().toMillis();
    } else {
      areComparable = job.awaitTicks(read);
    }
    job.refresh();
    written = job.reached(ends, begin);
    if (topics.isEmpty()) {
      gapsUntil =
          written.completeUntil() == Long.MIN_VALUE
              ? Long.MIN_VALUE
              : Math.min(written.completeUntil(), now()) - scope.settling().toMillis();
    }
    if (!areComparable) {
      notes.add("the job is behind: latest_ticks and open candles are not checked");
      changingRows.replaceAll(
          (key, rows) -> ChangingRows.of(rows.latest(), rows.openFrom(), rows.candles(), false));
    }
    return range;
  }

  /**
   * The end of the records to read. A record may arrive after its event time; later ones are not
   * judged.
   */
  private long recordsUntil() {
    return span.until() == Long.MAX_VALUE
        ? span.until()
        : span.until() + MARGIN.toMillis() + lateness().toMillis();
  }

  private long recordsFrom() {
    long from = rules().ticksFrom();
    return from == Long.MIN_VALUE ? from : from - MARGIN.toMillis();
  }

  private void readChangingRows() {
    readKeys();
    latest = tables.latest(scope::concerns);
    Set<SymbolKey> keys = new TreeSet<>(latest.keySet());
    keys.addAll(candleMonths.keySet());
    changingRows = new ChangingRowsReader(tables, latest).read(keys, rules().candles(), now());
  }

  /**
   * Creates the plan.
   *
   * @param others symbols that are known from other evidence than the tables
   */
  AuditPlan prepare(Set<SymbolKey> others) {
    AuditRules rules = rules();
    RejectCheck check = new RejectCheck(job.jobs().smallestFutureToleranceMs());
    long recordsFrom = recordsFrom();
    HashMap<String, Rejects> rejects = new HashMap<>();
    topics.ifPresent(
        read ->
            read.rejects(recordsFrom, check)
                .forEach((source, list) -> rejects.put(source, new Rejects(list))));
    HashMap<SymbolKey, GapRecords> gapRecords =
        topics.flatMap(read -> read.gaps(recordsFrom)).map(HashMap::new).orElse(null);
    if (topics.isPresent() && gapRecords == null) {
      notes.add(
          "the topic of gaps does not exist: no gap was recorded yet, or --gaps-topic has a wrong name");
    }
    Set<SymbolKey> symbols = new TreeSet<>(others);
    symbols.addAll(symbolsOfTables());
    symbols.addAll(gapRecords == null ? Set.of() : gapRecords.keySet());
    symbols.removeIf(key -> !scope.concerns(key.source()) || key.symbol().equals(SymbolKey.ALL));
    long newest = TableReader.hour(now() + MAX_AHEAD_OF_CLOCK.toMillis());
    long readFrom = Math.max(TableReader.hour(rules.ticksFrom()) - MARGIN.toMillis(), oldest);
    long readTo =
        span.until() > newest
            ? newest
            : Math.min(TableReader.hour(span.until()) + MARGIN.toMillis(), newest);
    Map<SymbolKey, long[]> hours = tables.hours(symbols, readFrom, readTo);
    progress.plan(
        symbols.size(), hours.values().stream().mapToLong(ofSymbol -> ofSymbol.length).sum());
    reportUncheckedCandles(rules);
    reportSilentSources();
    if (areKeysRead) {
      gapMonths = tables.gapMonths(scope::concerns); // a new month may have begun in the meantime
    }
    HashMap<SymbolKey, TreeSet<LocalDate>> monthsOfGaps = new HashMap<>();
    gapMonths.forEach((key, months) -> monthsOfGaps.put(key, new TreeSet<>(months)));
    TreeSet<SymbolKey> misplacedLatest = new TreeSet<>();
    latest.forEach(
        (key, row) -> {
          if (row.isMisplaced()) {
            misplacedLatest.add(key);
          }
        });
    AuditPlan plan =
        new AuditPlan(
            rules,
            new AuditCutoff(
                Objects.requireNonNull(written, "fixCutoff comes first"),
                Objects.requireNonNull(folded, "fixCutoff comes first"),
                topicEnd,
                gapsUntil),
            new AuditPlan.Hours(readFrom, readTo, oldest, newest),
            Math.max(job.jobs().futureToleranceMs().orElse(AHEAD_MS), 1_000),
            new TreeSet<>(symbols),
            new HashMap<>(hours),
            new HashMap<>(changingRows),
            rejects,
            gapRecords,
            areKeysRead ? monthsOfGaps : null,
            misplacedLatest);
    plan.readGapsOfEverySymbol(tables);
    return plan;
  }

  /** The notes for the reader of the report. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Notes which connectors are silent. An audit cannot know what a feed sends while its connector
   * is down.
   */
  private void reportSilentSources() {
    long now = now();
    if (span.until() < now || topics.isEmpty()) {
      return;
    }
    topics
        .get()
        .heartbeats(now - MAX_HEARTBEAT_AGE.toMillis())
        .forEach(
            (source, newest) -> {
              boolean isSilent = now - newest.sentAt() > CONNECTOR_SILENCE_LIMIT.toMillis();
              if (scope.concerns(source) && (isSilent || !newest.isConnected())) {
                notes.add(
                    "the connector of "
                        + source
                        + (isSilent ? " has sent no heartbeat since " : " was not connected at ")
                        + Instant.ofEpochMilli(newest.sentAt())
                        + ": it is not known what the feed sent since then");
              }
            });
  }

  private void reportUncheckedCandles(AuditRules rules) {
    Set<String> checked = new HashSet<>();
    rules.candles().forEach(each -> checked.add(each.interval().name()));
    intervals().stream()
        .map(each -> each.interval().name())
        .filter(name -> !checked.contains(name))
        .forEach(
            name ->
                notes.add(
                    "candles of "
                        + name
                        + " are not checked: they are longer than the audited time"));
  }

  /**
   * The symbols with data in the span, from all tables except {@code ticks}, which is too large.
   */
  private Set<SymbolKey> symbolsOfTables() {
    Set<SymbolKey> symbols = new TreeSet<>();
    latest.forEach(
        (key, row) -> {
          if (row.tick().eventTime() >= span.since()) {
            symbols.add(key);
          }
        });
    candleMonths.forEach(
        (key, months) -> {
          if (months.values().stream().anyMatch(this::isAnyWithin)) {
            symbols.add(key);
          }
        });
    gapMonths.forEach(
        (key, months) -> {
          if (isAnyWithin(months)) {
            symbols.add(key);
          }
        });
    return symbols;
  }

  private boolean isAnyWithin(Set<LocalDate> months) {
    return months.stream().anyMatch(month -> TableReader.isWithin(span, month));
  }
}
