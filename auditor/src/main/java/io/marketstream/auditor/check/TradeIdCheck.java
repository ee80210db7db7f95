package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TradeNumber;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the trade ids of one symbol, for a venue that counts its trades 1, 2, 3 …: no id is
 * missing without a gap that explains it, and no id comes twice unless that may happen.
 *
 * <p>An id may come again by repair, and in a later session after a restart of the task. If the
 * venue starts its numbers over, the connector publishes a gap. Then old and new ids are checked
 * separately. Ids that are not numbers are not checked. It needs memory per run of ids, not per id.
 *
 * <p>Not thread-safe.
 */
final class TradeIdCheck {
  /** Two sessions with live ticks of one trade id. */
  private record Sessions(long earlier, long later) {}

  /** Trade ids that came again. */
  private static final class Repeats {
    private final Tick example;
    private long count;

    private Repeats(Tick example) {
      this.example = example;
    }
  }

  /** The ids of a time in which the venue has not started its numbers over. */
  private static final class Numbering {
    private final SessionNumbers all = new SessionNumbers();
    private final TreeMap<Long, SessionNumbers> ofSession = new TreeMap<>();
    private final TreeMap<Long, SessionNumbers> ofLiveSession = new TreeMap<>();
    private @Nullable Tick
        newest; // the live tick with the latest event time; null before the first

    private boolean isHole(long number) {
      List<SessionNumbers.Run> runs = all.runs();
      return !all.contains(number)
          && number > runs.get(0).first()
          && number < runs.get(runs.size() - 1).last();
    }
  }

  private final AuditRules rules;
  private final AuditCutoff cutoff;
  private final Findings findings;
  private final List<Gap> gaps;
  private final TreeMap<Long, Numbering> numberings = new TreeMap<>(); // by the first event time
  private final Map<Sessions, Repeats> repeatedLive = new LinkedHashMap<>();
  private long repeatedIds;
  private long missing;

  /**
   * @param gaps all known gaps of the symbol, and those of every symbol
   */
  TradeIdCheck(AuditRules rules, AuditCutoff cutoff, Findings findings, List<Gap> gaps) {
    this.rules = rules;
    this.cutoff = cutoff;
    this.findings = findings;
    this.gaps = gaps.stream().filter(gap -> !gap.isAbsentAtVenue()).toList();
    numberings.put(Long.MIN_VALUE, new Numbering());
  }

  /** Adds a tick. Each session and sequence is added once. */
  void add(SessionNumbers.Known known) {
    Tick tick = known.tick();
    long number = tick.tradeNumber();
    if (number == TradeNumber.NONE) {
      return;
    }
    Numbering ids = numberingOf(tick, number);
    if (!tick.isRepair() && (ids.newest == null || tick.eventTime() > ids.newest.eventTime())) {
      ids.newest = tick;
    }
    long session = tick.id().session();
    SessionNumbers own = ids.ofSession.computeIfAbsent(session, unseen -> new SessionNumbers());
    if (!own.add(number, known)) {
      countRepeated(tick);
      report(tick, "twice in session " + session);
      return;
    }
    if (!ids.all.add(number, known)) {
      countRepeated(tick);
      if (!tick.isRepair()) {
        lastLiveSessionWith(ids, number, session).ifPresent(other -> addRepeated(other, tick));
      }
    }
    if (!tick.isRepair()) {
      ids.ofLiveSession.put(session, own);
    }
  }

  private Numbering numberingOf(Tick tick, long number) {
    Numbering last = numberings.lastEntry().getValue();
    Tick newest = last.newest;
    if (newest != null
        && !tick.isRepair()
        && number <= newest.tradeNumber()
        && tick.eventTime() > newest.eventTime()
        && !last.isHole(number)
        && isStartedOver(newest, tick)) {
      Numbering next = new Numbering();
      numberings.put(tick.eventTime(), next);
      return next;
    }
    return numberings.floorEntry(tick.eventTime()).getValue();
  }

  /**
   * Whether the venue has started its numbers over with a tick. The connector then publishes a gap.
   * Without one, the id of the tick is wrong.
   */
  private boolean isStartedOver(Tick newest, Tick tick) {
    return tick.receivedAt() >= cutoff.gapsUntil()
        || gaps.stream()
            .anyMatch(
                gap ->
                    gap.start() <= tick.receivedAt()
                        && (gap.end() == null || gap.end() >= newest.receivedAt()));
  }

  private void countRepeated(Tick tick) {
    repeatedIds += isInSpan(tick) ? 1 : 0;
  }

  private static Optional<Long> lastLiveSessionWith(
      Numbering ids, long number, long exceptSession) {
    return ids.ofLiveSession.descendingMap().entrySet().stream()
        .filter(session -> session.getKey() != exceptSession)
        .filter(session -> session.getValue().contains(number))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void addRepeated(long otherSession, Tick tick) {
    if (isInSpan(tick)) {
      long session = tick.id().session();
      Sessions sessions =
          new Sessions(Math.min(session, otherSession), Math.max(session, otherSession));
      repeatedLive.computeIfAbsent(sessions, unseen -> new Repeats(tick)).count++;
    }
  }

  /** Judges all ids, once every tick has been added. */
  AuditCounts finish(GapCoverage coverage) {
    repeatedLive.forEach(
        (sessions, repeats) -> {
          if (coverage.gaps().stream()
              .noneMatch(gap -> isRestartBetween(gap, sessions, repeats.example))) {
            findings.add(
                FindingKind.REPEATED_TRADE,
                repeats.count,
                "trade id "
                    + repeats.example.tradeId()
                    + (repeats.count == 1 ? "" : " and " + (repeats.count - 1) + " more")
                    + " came live in the sessions "
                    + sessions.earlier
                    + " and "
                    + sessions.later
                    + ", and no restart is between them",
                () -> List.of("the repetition: " + repeats.example));
          }
        });
    for (Numbering ids : numberings.values()) {
      SessionNumbers.Run below = null;
      for (SessionNumbers.Run run : ids.all.runs()) {
        if (below != null) {
          followHole(below, run, coverage);
        }
        below = run;
      }
    }
    return AuditCounts.ofTradeIds(missing, repeatedIds);
  }

  /**
   * After a restart a task may begin behind its last ticks, because its offset lags behind. If a
   * gap was open in the stored offset, the restart continues it under its old cause.
   */
  private static boolean isRestartBetween(Gap gap, Sessions sessions, Tick repetition) {
    boolean isContinued =
        gap.sessionAfter() != null
            && gap.sessionAfter() == sessions.later
            && (sessions.earlier > gap.start() || repetition.eventTime() > gap.start());
    if (isContinued) {
      return true;
    }
    if (!gap.isTaskRestart() || gap.sessionBefore() >= sessions.later) {
      return false;
    }
    if (gap.sessionAfter() != null) {
      return gap.sessionAfter() > sessions.earlier && gap.sessionAfter() <= sessions.later;
    }
    return gap.end() == null || gap.end() >= sessions.earlier;
  }

  private void followHole(
      SessionNumbers.Run below, SessionNumbers.Run above, GapCoverage coverage) {
    Tick before = below.lastKnown().tick();
    Tick after = above.firstKnown().tick();
    long first = below.last() + 1;
    long last = above.first() - 1;
    if (!isInSpan(after)
        || before.eventTime() < rules.ticksFrom() // trades between them may not have been read
        || !isJudged(above.firstKnown())) {
      return;
    }
    MissingTrades hole = new MissingTrades(first, last, time(before), time(after));
    // A repair brings the ids of a loss, but never its sequences.
    List<MissingTrades> expected =
        isLossOfSession(before, after, hole.count()) ? coverage.repaired(hole) : List.of(hole);
    for (MissingTrades part :
        expected.stream().flatMap(each -> coverage.unexplained(each).stream()).toList()) {
      missing += part.count();
      findings.add(
          FindingKind.MISSING_TRADE,
          part.toString(),
          part.count(),
          part.toString(),
          () -> {
            List<String> trace = new ArrayList<>();
            trace.add("the one before: " + before);
            trace.add("the one after: " + after);
            trace.addAll(coverage.considered());
            return trace;
          });
    }
  }

  /** Whether the numbers of a session have a hole as well, which is accounted for already. */
  private static boolean isLossOfSession(Tick before, Tick after, long count) {
    return !before.isRepair()
        && !after.isRepair()
        && before.id().session() == after.id().session()
        && after.id().sequence() - before.id().sequence() - 1 >= count;
  }

  /** Whether a gap that explains the ids below this one must be there by now. */
  private boolean isJudged(SessionNumbers.Known above) {
    TickRow row = above.row();
    boolean isThere =
        above.record() != null
            || (row != null && cutoff.written().coversRowsWrittenAt(row.writtenAt()));
    return isThere && above.tick().receivedAt() < cutoff.gapsUntil();
  }

  /** The time of a tick for a gap, epoch ms: a repaired tick was received long after its gap. */
  private static long time(Tick tick) {
    return tick.isRepair() ? tick.eventTime() : tick.receivedAt();
  }

  private void report(Tick tick, String what) {
    if (isInSpan(tick)) {
      findings.add(
          FindingKind.REPEATED_TRADE,
          1,
          "trade id " + tick.tradeId() + " came " + what,
          () -> List.of("the repetition: " + tick));
    }
  }

  private boolean isInSpan(Tick tick) {
    return rules.span().contains(tick.eventTime());
  }
}
