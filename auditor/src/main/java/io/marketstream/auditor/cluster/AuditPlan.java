package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.auditor.check.Audit;
import io.marketstream.auditor.check.AuditRules;
import io.marketstream.auditor.check.RowFault;
import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.GapRow;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Rejects;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.TopicRecords;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The decisions that all symbols of an audit share: rules, cutoff, hours to read, and gaps of every
 * symbol. It can be sent to other processes. Immutable once it is complete; thread-safe.
 */
public final class AuditPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int MAX_SEARCHES = 200;
  private static final int MAX_UNREADABLE_FINDINGS = 1_000;

  /**
   * The hours of the audit, in epoch ms.
   *
   * @param readFrom the first that is read
   * @param readTo the last that is read
   * @param oldest the first whose rows have certainly not expired
   * @param newest the last that may have rows
   */
  record Hours(long readFrom, long readTo, long oldest, long newest) implements Serializable {}

  private final AuditRules rules;
  private final AuditCutoff cutoff;
  private final Hours hours;
  private final long aheadMs;
  private final TreeSet<SymbolKey> symbols;
  private final HashMap<SymbolKey, long[]> hoursOfSymbols;
  private final HashMap<SymbolKey, ChangingRows> openRows;
  private final HashMap<String, Rejects> rejects;
  private final @Nullable HashMap<SymbolKey, GapRecords> gapRecords; // null if not read
  private final @Nullable HashMap<SymbolKey, TreeSet<LocalDate>> gapMonths; // null if not known
  private final TreeSet<SymbolKey> misplacedLatest;
  private final TreeMap<String, ArrayList<GapRow>> gapsOfEverySymbol = new TreeMap<>();
  private final TreeMap<String, ArrayList<Finding>> faultsOfEverySymbol = new TreeMap<>();

  /**
   * @param aheadMs how far an event time may be ahead of its receipt
   * @param gapRecords null if the topic of gaps is not read
   * @param gapMonths null if they are not known
   * @param misplacedLatest symbols whose row of {@code latest_ticks} has a wrong hour
   */
  @SuppressWarnings("NonApiType") // the plan is sent to other processes: all parts are serializable
  AuditPlan(
      AuditRules rules,
      AuditCutoff cutoff,
      Hours hours,
      long aheadMs,
      TreeSet<SymbolKey> symbols,
      HashMap<SymbolKey, long[]> hoursOfSymbols,
      HashMap<SymbolKey, ChangingRows> openRows,
      HashMap<String, Rejects> rejects,
      @Nullable HashMap<SymbolKey, GapRecords> gapRecords,
      @Nullable HashMap<SymbolKey, TreeSet<LocalDate>> gapMonths,
      TreeSet<SymbolKey> misplacedLatest) {
    this.rules = rules;
    this.cutoff = cutoff;
    this.hours = hours;
    this.aheadMs = aheadMs;
    this.symbols = symbols;
    this.hoursOfSymbols = hoursOfSymbols;
    this.openRows = openRows;
    this.rejects = rejects;
    this.gapRecords = gapRecords;
    this.gapMonths = gapMonths;
    this.misplacedLatest = misplacedLatest;
  }

  /** Reads the gaps of every symbol. Called once, before the plan is used. */
  void readGapsOfEverySymbol(TableReader tables) {
    Set<String> sources = new TreeSet<>();
    symbols.forEach(key -> sources.add(key.source()));
    for (String source : sources) {
      SymbolKey key = SymbolKey.all(source);
      ArrayList<Finding> faults = new ArrayList<>();
      gapsOfEverySymbol.put(
          source, new ArrayList<>(gaps(tables, key, fault -> faults.add(finding(key, fault)))));
      faultsOfEverySymbol.put(source, faults);
    }
  }

  private static Finding finding(SymbolKey key, RowFault fault) {
    return new Finding(fault.kind(), key, fault.row(), 1, fault.what(), List.of(fault.row()));
  }

  /** The symbols to audit: those in the tables, and those known from elsewhere. */
  public Set<SymbolKey> symbols() {
    return new TreeSet<>(symbols);
  }

  /** Creates an auditor that uses one session with Cassandra. Thread-safe. */
  public SymbolAuditor auditor(CqlSession cassandra) {
    return new SymbolAuditor(new TableReader(cassandra));
  }

  SymbolAuditor auditor(TableReader tables) {
    return new SymbolAuditor(tables);
  }

  /** Audits symbols, each in one call. */
  public final class SymbolAuditor {
    private final TableReader tables;
    private final Audit audit = new Audit(rules, cutoff);
    private final AtomicInteger searches = new AtomicInteger(MAX_SEARCHES);

    private SymbolAuditor(TableReader tables) {
      this.tables = tables;
    }

    /**
     * Audits one symbol.
     *
     * @param records empty if the topic is not read
     * @param delivered empty without a journal
     */
    public AuditReport audit(
        SymbolKey key, Optional<TopicRecords> records, Optional<List<DeliveredTick>> delivered) {
      List<RowFault> faults = new ArrayList<>();
      if (misplacedLatest.contains(key)) {
        faults.add(
            new RowFault(
                FindingKind.MISPLACED,
                "latest_ticks: the column hour is not the hour of its event time",
                "latest_ticks: " + key));
      }
      List<GapRow> gaps = new ArrayList<>(gaps(tables, key, faults::add));
      gaps.addAll(gapsOfEverySymbol.getOrDefault(key.source(), new ArrayList<>()));
      AuditReport report =
          audit.of(
              new SymbolReader(
                  new SymbolReader.Shared(tables, rules, hours, aheadMs, searches),
                  key,
                  hoursOf(key),
                  openRows.getOrDefault(key, unknownRows()),
                  gaps,
                  Optional.ofNullable(gapRecords).map(known -> records(known, key)),
                  records,
                  rejects.getOrDefault(key.source(), Rejects.NONE),
                  delivered,
                  faults));
      return searches.get() >= 0
          ? report
          : report.with(
              "only "
                  + MAX_SEARCHES
                  + " searches for missing ticks in other hours were made: some UNEXPLAINED ticks may have a"
                  + " row far from the audited time");
    }

    /** Returns the hours with rows. A symbol that was not known earlier has to be looked up. */
    private long[] hoursOf(SymbolKey key) {
      long[] known = hoursOfSymbols.get(key);
      if (known != null || symbols.contains(key)) {
        return known == null ? new long[0] : known;
      }
      return tables
          .hours(Set.of(key), hours.readFrom(), hours.readTo())
          .getOrDefault(key, new long[0]);
    }
  }

  /** The changing rows of a symbol that only {@code ticks} had when they were read. */
  private ChangingRows unknownRows() {
    long now = Math.min(System.currentTimeMillis(), cutoff.topicEnd());
    Map<String, Long> from = new HashMap<>();
    rules
        .candles()
        .forEach(
            kept ->
                from.put(
                    kept.interval().name(), kept.interval().openTime(now - kept.latenessMs())));
    return ChangingRows.of(Optional.empty(), from, Map.of(), true);
  }

  private static GapRecords records(Map<SymbolKey, GapRecords> known, SymbolKey key) {
    return known.getOrDefault(key, new GapRecords(Long.MAX_VALUE, List.of()));
  }

  /**
   * Reads the gaps of a symbol. Of earlier months it keeps only those that reach into the audited
   * time.
   */
  private List<GapRow> gaps(TableReader tables, SymbolKey key, Consumer<RowFault> faults) {
    long from = rules.ticksFrom();
    LocalDate cutoff = TableReader.month(Math.max(from, hours.oldest())).minusMonths(1);
    Set<LocalDate> months =
        gapMonths != null
            ? gapMonths.getOrDefault(key, new TreeSet<>())
            : new TreeSet<>(TableReader.months(TableReader.start(cutoff), hours.newest()).toList());
    return tables.gaps(key, months, faults).stream()
        .filter(
            row ->
                !TableReader.month(row.gap().start()).isBefore(cutoff)
                    || row.gap().end() == null
                    || row.gap().end() >= from)
        .toList();
  }

  /** Compares the gaps that concern every symbol of a source with their topic. */
  public List<AuditReport> gapsOfEverySymbol() {
    List<AuditReport> reports = new ArrayList<>();
    faultsOfEverySymbol.forEach(
        (source, faults) -> reports.add(new AuditReport(0, AuditCounts.NONE, faults)));
    if (gapRecords != null) {
      Map<SymbolKey, GapRecords> known = gapRecords;
      Audit audit = new Audit(rules, cutoff);
      gapsOfEverySymbol.forEach(
          (source, rows) -> {
            SymbolKey key = SymbolKey.all(source);
            reports.add(audit.ofGaps(key, rows, records(known, key)));
          });
    }
    return reports;
  }

  /** Reports records that are not ticks and that the job did not reject. */
  public AuditReport unreadable(List<UnreadableRecord> records) {
    List<Finding> findings = new ArrayList<>();
    for (UnreadableRecord record : records) {
      RecordPosition position = record.position();
      boolean isRejected =
          rejects.values().stream().anyMatch(each -> each.at(position).isPresent());
      if (!isRejected
          && cutoff.written().covers(position)
          && findings.size() < MAX_UNREADABLE_FINDINGS) {
        SymbolKey key = new SymbolKey(record.source(), record.symbol());
        findings.add(
            new Finding(
                FindingKind.UNREADABLE,
                key,
                position.toString(),
                1,
                position.toString(),
                List.of("topic: " + position)));
      }
    }
    return new AuditReport(0, AuditCounts.NONE, findings);
  }

  /** The sessions that occur in rows or gaps. */
  Set<Long> sessions(TableReader tables, String source) {
    Set<Long> sessions = new TreeSet<>();
    for (SymbolKey key : symbols) {
      if (key.source().equals(source)) {
        sessions.addAll(tables.sessions(key, hoursOfSymbols.getOrDefault(key, new long[0])));
        for (GapRow row : gaps(tables, key, fault -> {})) {
          sessions.add(row.gap().sessionBefore());
          if (row.gap().sessionAfter() != null) {
            sessions.add(row.gap().sessionAfter());
          }
        }
      }
    }
    return sessions;
  }
}
