package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.GapRow;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.Reject;
import io.marketstream.auditor.evidence.Rejects;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickDifferences;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicRecords;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Finding;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.Findings;
import io.marketstream.auditor.report.GapTotals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Audits one symbol in one pass. It reads the rows of {@code ticks} and the records of the topic
 * side by side, in the order of receipt. A row and its record are compared and then forgotten. Only
 * runs of numbers stay in memory.
 *
 * <p>Not thread-safe. Each instance is used once.
 */
final class SymbolAudit {
  /** How many recent ticks are kept, to show both rows of a duplicate. */
  private static final int MAX_RECENT_TICKS = 2_000;

  /** The delay of a feed is shorter than this. */
  private static final long MAX_FEED_DELAY_MS = 7_200_000;

  /** The copies of a recent tick. At least one of row and record is set. */
  private static final class Copies {
    private @Nullable TickRow row;
    private @Nullable TopicTick record;
    private @Nullable String wrongValue; // the name of the finding
  }

  /** The row of a repaired tick, and a record that differs from it in the receipt only. */
  private record TwoReceipts(TickRow row, TopicTick record) {}

  private final AuditRules rules;
  private final AuditCutoff cutoff;
  private final SymbolEvidence evidence;
  private final SymbolKey key;
  private final Span span;
  private final Findings findings;
  private final Rejects rejects;
  private final CandleCheck candles;
  private final LatestTickCheck latest;
  private final Optional<TopicRecords> topic;
  private final long topicFrom;
  private final long topicUntil;
  private final TreeMap<Long, SessionNumbers> known = new TreeMap<>();
  private final TreeMap<Long, SessionNumbers> stored = new TreeMap<>();
  private final TreeMap<Long, SessionNumbers> published = new TreeMap<>();
  private final Map<TickId, TickRow> rowsWithoutRecord = new LinkedHashMap<>();
  private final Map<TickId, TopicTick> recordsWithoutRow = new LinkedHashMap<>();
  private final Map<TickId, DeliveredTick> delivered = new HashMap<>();
  private final Map<TickId, TwoReceipts> fetchedAgain = new LinkedHashMap<>();
  private final Map<TickId, List<TickRow>> rowsOfDuplicates = new LinkedHashMap<>();
  private final Map<TickId, Copies> recent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TickId, Copies> eldest) {
          return size() > MAX_RECENT_TICKS;
        }
      };
  private final AwaitedTrades awaited = new AwaitedTrades();
  private final AcceptedTicks foldOrder = new AcceptedTicks(awaited);
  private final List<Gap> gapsKnown;
  private final TradeIdCheck trades;
  private @Nullable RecordPosition lastPosition; // null before the first record
  private long storedInSpan;

  SymbolAudit(AuditRules rules, AuditCutoff cutoff, SymbolEvidence evidence) {
    this.rules = rules;
    this.cutoff = cutoff;
    this.evidence = evidence;
    this.key = evidence.key();
    this.span = rules.span();
    this.findings = new Findings(key);
    this.rejects = evidence.rejects();
    this.topic = evidence.topic();
    this.topicFrom = topic.map(TopicRecords::from).orElse(Long.MIN_VALUE);
    this.topicUntil = topic.map(TopicRecords::until).orElse(Long.MAX_VALUE);
    this.candles =
        new CandleCheck(
            rules, evidence, findings, foldOrder, awaited, topic.isPresent(), topicFrom);
    this.latest = new LatestTickCheck(evidence, span, findings);
    this.gapsKnown = gapsKnown();
    this.trades = new TradeIdCheck(rules, cutoff, findings, gapsKnown);
    evidence
        .delivered()
        .ifPresent(
            ticks ->
                ticks.stream()
                    .filter(tick -> tick.id() != null)
                    .forEach(tick -> delivered.put(tick.id(), tick)));
  }

  AuditReport run() {
    walk();
    reportDuplicates();
    judgeRowsWithoutRecord();
    judgeFetchedAgain();
    GapCoverage gaps = new GapCoverage(gapsKnown, firstReceipts());
    AuditCounts ticks =
        new TickReconciliation(rules, cutoff, evidence, findings, gaps)
            .balance(known, stored, published, recordsWithoutRow, delivered, storedInSpan);
    reportRejects();
    new GapCheck(key, span, cutoff, findings).check(evidence.gaps(), evidence.gapRecords());
    AuditCounts ofCandles = candles.finish();
    AuditCounts ofTrades = trades.finish(gaps);
    latest.finish(evidence.openRows().latest().map(row -> isStored(row.id())).orElse(false));
    evidence
        .faults()
        .forEach(fault -> findings.add(fault.kind(), 1, fault.what(), () -> List.of(fault.row())));
    AuditCounts counts = ticks.plus(ofCandles).plus(ofTrades);
    List<Finding> all = findings.all();
    boolean isAudited = !counts.equals(AuditCounts.NONE) || !all.isEmpty();
    GapTotals totals =
        GapTotals.of(gapsKnown, gaps::endOf, span, Math.min(cutoff.gapsUntil(), span.until()));
    return new AuditReport(isAudited ? 1 : 0, counts, all, List.of(), totals);
  }

  private void walk() {
    Iterator<TickRow> rows = evidence.rows();
    Iterator<TopicTick> records =
        topic.map(TopicRecords::records).orElse(List.<TopicTick>of().iterator());
    TickRow row = next(rows);
    TopicTick record = next(records);
    while (row != null || record != null) {
      if (row != null
          && (record == null || row.tick().receivedAt() <= record.tick().receivedAt())) {
        take(row);
        row = next(rows);
      } else if (record != null) {
        take(record);
        record = next(records);
      }
    }
  }

  private static <T> @Nullable T next(Iterator<T> iterator) {
    return iterator.hasNext() ? iterator.next() : null;
  }

  private void take(TickRow row) {
    TickId id = row.id();
    Tick tick = row.tick();
    boolean isAudited = span.contains(tick.eventTime());
    if (row.isMisplaced() && isAudited) {
      findings.add(
          FindingKind.MISPLACED,
          1,
          "tick "
              + id
              + ": its row is in the partition of the hour "
              + Instant.ofEpochMilli(row.hour()),
          () -> List.of("table: " + row));
    }
    if (!numbers(stored, id).add(id.sequence(), new SessionNumbers.Known(row, null))) {
      takeDuplicate(row);
      return;
    }
    Copies copies = recent.computeIfAbsent(id, unseen -> new Copies());
    copies.row = row;
    TopicTick record = recordsWithoutRow.remove(id);
    copies.record = record == null ? copies.record : record;
    SessionNumbers.Known asKnown = new SessionNumbers.Known(row, copies.record);
    boolean isNew = numbers(known, id).add(id.sequence(), asKnown);
    if (isNew) {
      trades.add(asKnown);
    }
    // A repaired tick is received long after its trade.
    if (isAudited
        && !tick.isRepair()
        && Math.abs(tick.receivedAt() - tick.eventTime()) > MAX_FEED_DELAY_MS) {
      findRowElsewhere(row);
    }
    boolean isRecordToCome =
        topic.isPresent()
            && copies.record == null
            && tick.receivedAt() >= topicFrom
            && tick.receivedAt() < topicUntil;
    if (isAudited) {
      storedInSpan++;
      if (!isRecordToCome) {
        compare(id, row, copies);
      }
    }
    // The journal has what was written to sockets. A repaired tick came another way.
    if (evidence.delivered().isPresent() && !delivered.containsKey(id) && !tick.isRepair()) {
      reportNeverSent(row);
      return;
    }
    if (topic.isEmpty()) {
      if (isNew && foldOrder.acceptTrade(tick)) {
        fold(tick, cutoff.folded().coversRowsWrittenAt(row.writtenAt()));
      } else if (isNew) {
        latest.addCopy(tick);
      }
    } else if (record == null && tick.receivedAt() >= topicUntil) {
      candles.addUncertain(tick);
    } else if (record == null && tick.receivedAt() >= topicFrom) {
      rowsWithoutRecord.put(id, row);
    }
  }

  /**
   * Looks for other rows of a tick whose event time is far from its receipt. They may be in hours
   * that are not read.
   */
  private void findRowElsewhere(TickRow row) {
    TickId id = row.id();
    for (TickRow other : evidence.rowsElsewhere(id.session(), id.sequence(), id.sequence())) {
      List<TickRow> rows = rowsOfDuplicates.computeIfAbsent(id, unseen -> new ArrayList<>());
      if (rows.isEmpty()) {
        rows.add(row);
      }
      rows.add(other);
    }
  }

  private void takeDuplicate(TickRow row) {
    if (!span.contains(row.tick().eventTime())) {
      return;
    }
    Copies copies = recent.get(row.id());
    List<TickRow> rows = rowsOfDuplicates.computeIfAbsent(row.id(), unseen -> new ArrayList<>());
    if (rows.isEmpty() && copies != null && copies.row != null) {
      rows.add(copies.row);
    }
    rows.add(row);
    if (copies != null && copies.wrongValue != null && differences(row, copies.record).isEmpty()) {
      // One of the two rows is right, so the other one is a duplicate and not an altered row.
      findings.remove(FindingKind.WRONG_VALUE, copies.wrongValue);
      copies.wrongValue = null;
    }
  }

  /**
   * Adds a record. A producer that retries may write it twice, but two different ticks with one
   * number are a finding. A repair that is done again after a crash has the same numbers, and later
   * receipts.
   */
  private void take(TopicTick record) {
    TickId id = record.tick().id();
    if (lastPosition != null && !lastPosition.isInSamePartition(record.position())) {
      candles.skipAll();
      latest.skipAll();
    }
    lastPosition = record.position();
    Copies copies = recent.computeIfAbsent(id, unseen -> new Copies());
    SessionNumbers.Known asKnown = new SessionNumbers.Known(copies.row, record);
    if (!numbers(published, id).add(id.sequence(), asKnown)) {
      compareRepetition(copies, record);
      fold(record);
      return;
    }
    if (numbers(known, id).add(id.sequence(), asKnown)) {
      trades.add(asKnown);
    }
    copies.record = record;
    TickRow row = rowsWithoutRecord.remove(id);
    copies.row = row == null ? copies.row : row;
    if (copies.row == null && !numbers(stored, id).contains(id.sequence())) {
      recordsWithoutRow.put(id, record);
    } else if (copies.row != null && span.contains(copies.row.tick().eventTime())) {
      compare(id, copies.row, copies);
    }
    fold(record);
  }

  private void compareRepetition(Copies copies, TopicTick record) {
    TopicTick first =
        copies.record != null ? copies.record : recordsWithoutRow.get(record.tick().id());
    if (first != null && span.contains(first.tick().eventTime())) {
      reportWrongInTopic(
          first, record, new LinkedHashSet<>(differencesOfCopies(first.tick(), record.tick())));
    }
    TwoReceipts open = fetchedAgain.get(record.tick().id());
    if (open != null && differences(open.row(), record).isEmpty()) {
      fetchedAgain.remove(record.tick().id());
    }
  }

  /** The differences, except of the receipt of a repaired tick. */
  private static List<String> differencesOfCopies(Tick expected, Tick found) {
    return TickDifferences.between(
        expected.isRepair() ? expected.withReceipt(found.receivedAt()) : expected, found);
  }

  private void reportWrongInTopic(TopicTick first, TopicTick second, Set<String> differences) {
    if (!differences.isEmpty()) {
      TickId id = first.tick().id();
      findings.add(
          FindingKind.WRONG_VALUE,
          1,
          "tick " + id + " in the topic: " + String.join(", ", differences),
          () ->
              trace(id, first.equals(second) ? List.of(first) : List.of(first, second), List.of()));
    }
  }

  private void fold(TopicTick record) {
    Tick tick = record.tick();
    TickId id = tick.id();
    Copies copies = recent.get(id);
    boolean hasRow = copies != null && copies.row != null;
    // A reject from before a rebuild does not count if the tick has a row.
    boolean isRejected =
        !hasRow
            && (rejects.of(key.symbol(), record).isPresent()
                || tick.eventTime() - tick.receivedAt() > rules.aheadMs());
    if (!isRejected && foldOrder.accept(tick)) {
      fold(tick, cutoff.folded().covers(record.position()));
    }
  }

  private void fold(Tick tick, boolean surelyFolded) {
    candles.fold(tick, surelyFolded);
    latest.fold(tick, surelyFolded);
  }

  /**
   * Compares all copies of a tick. If one of two rows is right, the other one is a duplicate and
   * not an altered row.
   */
  private void compare(TickId id, TickRow row, Copies copies) {
    List<TickRow> rows = rowsOfDuplicates.getOrDefault(id, List.of(row));
    TopicTick record = copies.record;
    if (rows.stream().anyMatch(each -> differences(each, record).isEmpty())) {
      return;
    }
    if (record != null && differencesOfCopies(record.tick(), row.tick()).isEmpty()) {
      fetchedAgain.put(id, new TwoReceipts(row, record)); // the record of this receipt may follow
      return;
    }
    reportWrongValue(id, row, copies);
  }

  private void reportWrongValue(TickId id, TickRow row, Copies copies) {
    TopicTick record = copies.record;
    if (copies.wrongValue == null) {
      copies.wrongValue = "tick " + id;
      findings.add(
          FindingKind.WRONG_VALUE,
          copies.wrongValue,
          1,
          "tick " + id + ": " + String.join(", ", differences(row, record)),
          () -> trace(id, record == null ? List.of() : List.of(record), List.of(row)));
    }
  }

  /**
   * @param record null if there is none
   */
  private List<String> differences(TickRow row, @Nullable TopicTick record) {
    List<String> ofRecord =
        record == null ? List.of() : TickDifferences.between(record.tick(), row.tick());
    DeliveredTick sent = delivered.get(row.id());
    if (sent == null) {
      return ofRecord;
    }
    Set<String> differences = new LinkedHashSet<>(sent.differences(row.tick()));
    differences.addAll(ofRecord);
    return new ArrayList<>(differences);
  }

  private void reportDuplicates() {
    rowsOfDuplicates.forEach(
        (id, rows) -> {
          int count = Math.max(2, rows.size());
          findings.add(
              FindingKind.DUPLICATE,
              "tick " + id,
              count - 1L,
              "tick " + id + " has " + count + " rows",
              () -> trace(id, List.of(), rows));
        });
  }

  private void judgeRowsWithoutRecord() {
    rowsWithoutRecord.values().stream()
        .filter(row -> row.writtenAt() < cutoff.topicEnd())
        .forEach(this::reportNeverSent);
  }

  /** A row with a receipt that no record has is wrong, unless its record is on its way. */
  private void judgeFetchedAgain() {
    fetchedAgain.forEach(
        (id, copies) -> {
          if (copies.row().writtenAt() < cutoff.topicEnd()) {
            Copies wrong = new Copies();
            wrong.record = copies.record();
            reportWrongValue(id, copies.row(), wrong);
          }
        });
  }

  private void reportNeverSent(TickRow row) {
    if (span.contains(row.tick().eventTime())) {
      findings.add(
          FindingKind.NEVER_SENT,
          1,
          "tick " + row.id(),
          () -> trace(row.id(), List.of(), List.of(row)));
    }
  }

  private void reportRejects() {
    for (Reject reject : rejects.unjustified(key.symbol())) {
      boolean hasRow = reject.id() != null && isStored(reject.id());
      if (!hasRow && reject.eventTime() != null && span.contains(reject.eventTime())) {
        findings.add(
            FindingKind.UNJUSTIFIED_REJECT,
            1,
            (reject.id() == null ? "a record" : "tick " + reject.id()) + ": " + reject,
            () -> List.of("rejected: " + reject));
      }
    }
  }

  /**
   * Returns all known gaps, each as its last record has it: an earlier one may name more trade ids.
   * A repair that ended after the cutoff of the gaps is not over: its ticks may be on their way. A
   * gap also explains ticks if its row is on its way, or lost, which is another finding.
   */
  private List<Gap> gapsKnown() {
    List<Gap> gaps = new ArrayList<>();
    Map<GapCheck.GapId, Gap> ofSymbol = new LinkedHashMap<>();
    for (GapRow row : evidence.gaps()) {
      if (row.gap().symbol().equals(key.symbol())) {
        ofSymbol.put(GapCheck.GapId.of(row.gap()), row.gap());
      } else {
        gaps.add(row.gap());
      }
    }
    Set<GapCheck.GapId> withRow = Set.copyOf(ofSymbol.keySet());
    for (GapRecords.GapRecord record :
        evidence.gapRecords().map(GapRecords::records).orElse(List.of())) {
      GapCheck.GapId id = GapCheck.GapId.of(record.gap());
      if (!cutoff.written().covers(record.position()) || !withRow.contains(id)) {
        ofSymbol.merge(id, record.gap(), Gap::with);
      }
    }
    gaps.addAll(ofSymbol.values());
    return gaps.stream().map(gap -> gap.asOf(cutoff.gapsUntil())).toList();
  }

  private Map<Long, Long> firstReceipts() {
    Map<Long, Long> first = new HashMap<>();
    known.forEach(
        (session, numbers) -> {
          if (!numbers.isRepair()) {
            first.put(session, numbers.firstReceived());
          }
        });
    return first;
  }

  private boolean isStored(TickId id) {
    SessionNumbers numbers = stored.get(id.session());
    return numbers != null && numbers.contains(id.sequence());
  }

  private static SessionNumbers numbers(Map<Long, SessionNumbers> bySession, TickId id) {
    return bySession.computeIfAbsent(id.session(), unseen -> new SessionNumbers());
  }

  /** Returns the trace of a tick, one line per stage. */
  private List<String> trace(TickId id, List<TopicTick> records, List<TickRow> rows) {
    return new TickTrace(evidence, delivered).of(id, records, rows);
  }
}
