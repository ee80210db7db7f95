package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickId;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.Findings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Accounts for each tick of a symbol: it has a row, is in a gap, was rejected, is on its way, or is
 * unexplained.
 */
final class TickReconciliation {
  private final AuditRules rules;
  private final Span span;
  private final AuditCutoff cutoff;
  private final SymbolEvidence evidence;
  private final String symbol;
  private final Findings findings;
  private final GapCoverage gaps;
  private long delivered;
  private long stored;
  private long inGaps;
  private long rejected;

  TickReconciliation(
      AuditRules rules,
      AuditCutoff cutoff,
      SymbolEvidence evidence,
      Findings findings,
      GapCoverage gaps) {
    this.rules = rules;
    this.span = rules.span();
    this.cutoff = cutoff;
    this.evidence = evidence;
    this.symbol = evidence.key().symbol();
    this.findings = findings;
    this.gaps = gaps;
  }

  /**
   * @param known numbers with a row or a record, by session
   * @param stored numbers with a row, by session
   * @param published numbers with a record, by session
   * @param recordsWithoutRow in the order of the topic
   * @param sent the ticks in the journal of the simulators
   * @param storedInSpan how many ticks in the span have a row
   */
  AuditCounts balance(
      NavigableMap<Long, SessionNumbers> known,
      NavigableMap<Long, SessionNumbers> stored,
      NavigableMap<Long, SessionNumbers> published,
      Map<TickId, TopicTick> recordsWithoutRow,
      Map<TickId, DeliveredTick> sent,
      long storedInSpan) {
    TickTrace traces = new TickTrace(evidence, sent);
    if (evidence.delivered().isPresent()) {
      followDelivered(evidence.delivered().get(), stored, published, recordsWithoutRow, traces);
    } else {
      delivered += storedInSpan;
      this.stored += storedInSpan;
      followRecords(recordsWithoutRow, traces);
      followNumbers(known);
    }
    return new AuditCounts(delivered, this.stored, inGaps, rejected, 0, 0);
  }

  /** Accounts for the ticks in the journal of the simulators. */
  private void followDelivered(
      List<DeliveredTick> ticks,
      NavigableMap<Long, SessionNumbers> stored,
      NavigableMap<Long, SessionNumbers> published,
      Map<TickId, TopicTick> recordsWithoutRow,
      TickTrace traces) {
    for (DeliveredTick tick : ticks) {
      delivered++;
      TickId id = tick.id();
      long written = tick.sent().writtenAt();
      long number = tick.sent().sequence();
      MissingTicks missing = new MissingTicks(tick.session(), number, number, written, written);
      TopicTick record = id == null ? null : recordsWithoutRow.get(id);
      if (id != null && contains(stored, id)) {
        this.stored++;
      } else if (record != null && evidence.rejects().of(symbol, record).isPresent()) {
        rejected++;
      } else if (id != null && contains(published, id)) {
        reportWrongInTopic(id, tick, record, traces);
        if (record == null || cutoff.written().covers(record.position())) {
          List<TopicTick> records = record == null ? List.of() : List.of(record);
          reportUnexplained(missing, traces.of(id, records, List.of()));
        }
      } else if (id != null && evidence.rejects().of(symbol, id).isPresent()) {
        rejected++;
      } else if (written < cutoff.gapsUntil()) {
        explain(
            missing,
            id == null
                ? List.of("socket: sent with " + tick)
                : traces.of(id, List.of(), List.of()));
      }
    }
  }

  private static boolean contains(NavigableMap<Long, SessionNumbers> bySession, TickId id) {
    SessionNumbers numbers = bySession.get(id.session());
    return numbers != null && numbers.contains(id.sequence());
  }

  private void reportWrongInTopic(
      TickId id, DeliveredTick sent, @Nullable TopicTick record, TickTrace traces) {
    if (record == null || !span.contains(record.tick().eventTime())) {
      return;
    }
    List<String> differences = sent.differences(record.tick());
    if (!differences.isEmpty()) {
      findings.add(
          FindingKind.WRONG_VALUE,
          1,
          "tick " + id + " in the topic: " + String.join(", ", differences),
          () -> traces.of(id, List.of(record), List.of()));
    }
  }

  /**
   * Accounts for records without a row. A gap cannot explain them. Consecutive ones are one
   * finding.
   */
  private void followRecords(Map<TickId, TopicTick> recordsWithoutRow, TickTrace traces) {
    MissingTicks together = null;
    TopicTick first = null;
    for (TopicTick record : recordsWithoutRow.values()) {
      Tick tick = record.tick();
      if (!span.contains(tick.eventTime())) {
        continue;
      }
      delivered++;
      if (evidence.rejects().of(symbol, record).isPresent()) {
        rejected++;
      } else if (cutoff.written().covers(record.position())) {
        TickId id = tick.id();
        MissingTicks missing =
            new MissingTicks(
                id.session(), id.sequence(), id.sequence(), tick.receivedAt(), tick.receivedAt());
        if (together != null && missing.follows(together)) {
          together = together.with(missing);
        } else {
          reportLostRows(together, first, traces);
          together = missing;
          first = record;
        }
      }
    }
    reportLostRows(together, first, traces);
  }

  private void reportLostRows(
      @Nullable MissingTicks lost, @Nullable TopicTick first, TickTrace traces) {
    if (lost != null && first != null) {
      reportUnexplained(lost, traces.of(first.tick().id(), List.of(first), List.of()));
    }
  }

  /**
   * Accounts for missing numbers. Sessions count from 0, so all numbers below a known number
   * existed. The numbers of repaired ticks are their trade ids, which say what is missing.
   */
  private void followNumbers(NavigableMap<Long, SessionNumbers> known) {
    Map.Entry<Long, SessionNumbers> older = null;
    for (Map.Entry<Long, SessionNumbers> session : known.entrySet()) {
      if (session.getValue().isRepair()) {
        continue; // it also follows no session, and ends none
      }
      followSession(session.getKey(), session.getValue());
      if (older != null) {
        followRestart(
            older.getKey(), older.getValue().lastReceived(), session.getKey(), session.getValue());
      }
      older = session;
    }
    for (Gap gap : gaps.lastGapPerSession()) {
      // Later evidence shows that the last ticks of the session are not on their way.
      if (gap.start() < cutoff.gapsUntil()
          && (evidence.topic().isPresent()
              || known.higherKey(gap.sessionBefore()) != null
              || gaps.isFollowed(gap.sessionBefore()))) {
        followEnd(gap, known.get(gap.sessionBefore()));
      }
    }
  }

  private void followSession(long session, SessionNumbers numbers) {
    List<SessionNumbers.Run> runs = numbers.runs();
    long next = firstExpected(session, runs.get(0).first());
    SessionNumbers.Known before = null;
    for (SessionNumbers.Run run : runs) {
      if (run.first() > next && isJudged(run.firstKnown())) {
        long received = run.firstKnown().tick().receivedAt();
        long notBefore = before == null ? session : before.tick().receivedAt();
        followHole(
            new MissingTicks(
                session, next, run.first() - 1, Math.min(notBefore, received), received),
            before,
            run.firstKnown());
      } else if (run.first() > next) {
        delivered += isWithinSpan(run.firstKnown()) ? run.first() - next : 0; // on their way
      }
      next = run.last() + 1;
      before = run.lastKnown();
    }
  }

  private boolean isWithinSpan(SessionNumbers.Known known) {
    return known.tick().receivedAt() >= span.since() && known.tick().receivedAt() < span.until();
  }

  /**
   * The first number to expect. A session that began before the audited time continues from its
   * last number.
   */
  private long firstExpected(long session, long firstKnown) {
    return session >= rules.ticksFrom()
        ? 0
        : Math.min(evidence.lastNumberBefore(session).orElse(firstKnown - 1) + 1, firstKnown);
  }

  /** Whether the numbers below a number, or a gap that explains them, must be there by now. */
  private boolean isJudged(SessionNumbers.Known above) {
    TickRow row = above.row();
    boolean isThere =
        above.record() != null
            || (row != null && cutoff.written().coversRowsWrittenAt(row.writtenAt()));
    return isThere && above.tick().receivedAt() < cutoff.gapsUntil();
  }

  /**
   * Accounts for the end of a session. The gap after it names the next number.
   *
   * @param numbers null if nothing of the session is known
   */
  private void followEnd(Gap gap, @Nullable SessionNumbers numbers) {
    long session = gap.sessionBefore();
    if (numbers == null && session < rules.ticksFrom()) {
      return; // its ticks may be older than the audited time
    }
    List<SessionNumbers.Run> runs = numbers == null ? List.of() : numbers.runs();
    SessionNumbers.Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
    long next = last == null ? 0 : last.last() + 1;
    long before = last == null ? session : last.lastKnown().tick().receivedAt();
    if (gap.firstMissing() > next) {
      followHole(
          new MissingTicks(
              session, next, gap.firstMissing() - 1, before, Math.max(before, gap.start())),
          last == null ? null : last.lastKnown(),
          null);
    }
  }

  /**
   * @param before the tick below the hole; null if it is not known
   * @param after the tick above it; null if a gap names the number
   */
  private void followHole(
      MissingTicks hole,
      SessionNumbers.@Nullable Known before,
      SessionNumbers.@Nullable Known after) {
    if (hole.notAfter() < span.since() || hole.notBefore() >= span.until()) {
      return;
    }
    for (MissingTicks part : withoutRejected(hole)) {
      delivered += part.count();
      explain(part, traceAround(part, part.first() == hole.first() ? before : null, after));
    }
  }

  private List<MissingTicks> withoutRejected(MissingTicks hole) {
    List<MissingTicks> parts = new ArrayList<>();
    MissingTicks rest = hole;
    long session = Objects.requireNonNull(hole.session(), "a hole is in a known session");
    for (long number : evidence.rejects().numbers(symbol, session, hole.first(), hole.last())) {
      delivered++;
      rejected++;
      if (number > rest.first()) {
        parts.add(rest.upTo(number - 1));
      }
      rest = rest.from(number + 1);
    }
    if (rest.count() > 0) {
      parts.add(rest);
    }
    return parts;
  }

  private List<String> traceAround(
      MissingTicks hole,
      SessionNumbers.@Nullable Known before,
      SessionNumbers.@Nullable Known after) {
    List<String> trace = new ArrayList<>();
    if (before != null) {
      trace.add("the one before: " + before.tick());
    }
    trace.add(
        after == null
            ? "the one after: a gap names the number " + (hole.last() + 1)
            : "the one after: " + after.tick());
    if (evidence.topic().isPresent()) {
      trace.add("topic: not there");
    }
    trace.add("table: not there");
    return trace;
  }

  private void followRestart(
      long session, long lastReceived, long next, SessionNumbers nextNumbers) {
    long firstReceived = nextNumbers.firstReceived();
    if (firstReceived >= span.since()
        && lastReceived < span.until()
        && isJudged(nextNumbers.runs().get(0).firstKnown())
        && !gaps.leadsTo(session, lastReceived, next, firstReceived)) {
      findings.add(
          FindingKind.SESSION_WITHOUT_GAP,
          "session " + next,
          1,
          "session "
              + next
              + " follows session "
              + session
              + ", whose last tick was received at "
              + Instant.ofEpochMilli(lastReceived),
          gaps::considered);
    }
  }

  private void explain(MissingTicks missing, List<String> trace) {
    long unexplained = 0;
    for (MissingTicks rest : gaps.unexplained(missing)) {
      for (MissingTicks nowhere : withoutRowsElsewhere(rest)) {
        unexplained += nowhere.count();
        reportUnexplained(nowhere, trace);
      }
    }
    inGaps += missing.count() - unexplained;
  }

  /** Removes the numbers whose row is in an hour that was not read, because of its event time. */
  private List<MissingTicks> withoutRowsElsewhere(MissingTicks missing) {
    if (missing.session() == null || evidence.delivered().isPresent()) {
      return List.of(missing);
    }
    List<Long> found =
        evidence.rowsElsewhere(missing.session(), missing.first(), missing.last()).stream()
            .map(row -> row.id().sequence())
            .distinct()
            .sorted()
            .toList();
    List<MissingTicks> parts = new ArrayList<>();
    MissingTicks rest = missing;
    for (long number : found) {
      delivered--; // it belongs to another time
      inGaps--;
      if (number > rest.first()) {
        parts.add(rest.upTo(number - 1));
      }
      rest = rest.from(number + 1);
    }
    if (rest.count() > 0) {
      parts.add(rest);
    }
    return parts;
  }

  private void reportUnexplained(MissingTicks missing, List<String> trace) {
    findings.add(
        FindingKind.UNEXPLAINED,
        missing.toString(),
        missing.count(),
        missing.toString(),
        () -> {
          List<String> whole = new ArrayList<>(trace);
          whole.addAll(gaps.considered());
          whole.add(
              evidence.topic().isPresent()
                  ? "rejects considered: " + evidence.rejects().size() + ", none names it"
                  : "rejects were not read: add --bootstrap-servers");
          return whole;
        });
  }
}
