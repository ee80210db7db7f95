package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Gap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * The gaps of one symbol and those of every symbol of its source: what they explain.
 *
 * <p>An overflow explains as many ticks as it dropped and no more, so what was explained is
 * remembered. Not safe for use by several threads.
 */
final class GapCoverage {
  /** By how much a worker's clock may be set between a tick and the gap behind it. */
  private static final long MAX_CLOCK_STEP_MS = 60_000;

  private final List<Gap> gaps;
  private final NavigableMap<Long, Long> firstReceipts;
  private final Map<Gap, Long> overflowsLeft = new IdentityHashMap<>();

  /**
   * @param firstReceipts of each session that brought a tick of the symbol to topic or table, epoch
   *     ms of the first. What was only sent does not count: that it did not arrive is what an open
   *     gap is for
   */
  GapCoverage(List<Gap> gaps, Map<Long, Long> firstReceipts) {
    this.gaps = gaps.stream().sorted(Comparator.comparingLong(Gap::start)).toList();
    this.firstReceipts = new TreeMap<>(firstReceipts);
    for (Gap gap : this.gaps) {
      if (gap.isOverflow()) {
        overflowsLeft.put(gap, gap.dropped() == null ? 0L : gap.dropped());
      }
    }
  }

  List<Gap> gaps() {
    return gaps;
  }

  /** What of the missing ticks no gap explains, in order. */
  List<MissingTicks> unexplained(MissingTicks missing) {
    if (gaps.stream().anyMatch(gap -> explainsByTime(gap, missing))) {
      return List.of();
    }
    // Numbers at or above the lowest that a gap names are explained, those below are not.
    Optional<Long> firstMissing =
        gaps.stream()
            .filter(gap -> explainsNumbersOf(gap, missing))
            .map(Gap::firstMissing)
            .min(Comparator.naturalOrder());
    MissingTicks rest = missing;
    if (firstMissing.isPresent() && firstMissing.get() <= missing.last()) {
      if (firstMissing.get() <= missing.first()) {
        return List.of();
      }
      rest = missing.upTo(firstMissing.get() - 1);
    }
    return withoutOverflows(rest);
  }

  /**
   * Whether a gap leads from one session of the symbol to a later one. One that is open leads
   * through all: a session that is lost before it has ended the gap opens none of its own.
   */
  boolean leadsTo(long session, long lastReceived, long laterSession, long firstReceived) {
    MissingTicks between = new MissingTicks(null, 0, 0, lastReceived, firstReceived);
    return gaps.stream()
        .filter(gap -> !gap.isOverflow() && !isWithinSession(gap))
        .anyMatch(
            gap ->
                gap.sessionBefore() == session
                    || (gap.sessionBefore() < laterSession
                        && between.isDuring(gap.start(), endOf(gap))));
  }

  /** Of each session that gaps follow, the one that names its highest number. */
  Collection<Gap> lastGapPerSession() {
    Map<Long, Gap> furthest = new TreeMap<>();
    gaps.stream()
        .filter(GapCoverage::namesNumber)
        .forEach(
            gap ->
                furthest.merge(
                    gap.sessionBefore(),
                    gap,
                    BinaryOperator.maxBy(Comparator.comparingLong(Gap::firstMissing))));
    return furthest.values();
  }

  /** Whether a gap follows a later session of the symbol as well. */
  boolean isFollowed(long session) {
    return gaps.stream()
        .filter(GapCoverage::namesNumber)
        .anyMatch(gap -> gap.sessionBefore() > session);
  }

  private static boolean explainsNumbersOf(Gap gap, MissingTicks missing) {
    return namesNumber(gap)
        && !isWithinSession(gap)
        && missing.session() != null
        && missing.session() == gap.sessionBefore()
        // A gap never begins later than the loss. What was received before it, it cannot explain.
        && missing.notAfter() >= gap.start() - MAX_CLOCK_STEP_MS;
  }

  /** The connection went on and only the subscription was missing: the numbers have no hole. */
  private static boolean isWithinSession(Gap gap) {
    return gap.sessionAfter() != null && gap.sessionAfter() == gap.sessionBefore();
  }

  private static boolean namesNumber(Gap gap) {
    // A gap of every symbol does not know the number at which each of them stopped.
    return !gap.isOverflow() && !gap.concernsAll();
  }

  private boolean explainsByTime(Gap gap, MissingTicks missing) {
    if (gap.isOverflow() || !missing.isDuring(gap.start(), endOf(gap))) {
      return false;
    }
    Optional<NextSession> next = sessionThatEnded(gap);
    Long session = missing.session();
    if (session == null) {
      return next.isEmpty() || missing.notBefore() <= next.get().known();
    }
    return session >= gap.sessionBefore()
        // The session that ended the gap had numbers of its own: what it lost is no gap's.
        && (next.isEmpty() || session < next.get().session())
        && (session != gap.sessionBefore()
            || gap.concernsAll()
            || missing.first() >= gap.firstMissing());
  }

  /**
   * @param known epoch ms at which it had begun at the latest
   */
  private record NextSession(long session, long known) {}

  /**
   * A closed gap names it. One without an end, whose closing record is on its way or was never
   * written, was over in the first session that brought a tick or that a gap followed.
   */
  private Optional<NextSession> sessionThatEnded(Gap gap) {
    if (gap.end() != null) {
      return Optional.ofNullable(gap.sessionAfter())
          .map(session -> new NextSession(session, gap.end()));
    }
    Stream<NextSession> withTicks =
        firstReceipts.tailMap(gap.sessionBefore(), false).entrySet().stream()
            .limit(1)
            .map(first -> new NextSession(first.getKey(), first.getValue()));
    Stream<NextSession> beforeGaps =
        gaps.stream()
            .filter(other -> !other.isOverflow() && other.symbol().equals(gap.symbol()))
            .filter(other -> other.sessionBefore() > gap.sessionBefore())
            .map(other -> new NextSession(other.sessionBefore(), other.start()));
    return Stream.concat(withTicks, beforeGaps)
        .min(Comparator.comparingLong(NextSession::session).thenComparingLong(NextSession::known));
  }

  /** A gap that a kill left open is over at the next closed gap of its symbol. */
  long endOf(Gap gap) {
    if (gap.end() != null) {
      return gap.end();
    }
    return gaps.stream()
        .filter(other -> other.end() != null && !other.isOverflow())
        .filter(other -> other.symbol().equals(gap.symbol()))
        .filter(other -> other.start() > gap.start() || other.end() > gap.start())
        .mapToLong(Gap::end)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private List<MissingTicks> withoutOverflows(MissingTicks missing) {
    List<MissingTicks> unexplained = new ArrayList<>();
    MissingTicks rest = missing;
    for (Gap gap : gaps) {
      if (rest == null || !gap.isOverflow() || !isDroppedBy(gap, rest)) {
        continue;
      }
      if (rest.first() < gap.firstMissing()) {
        unexplained.add(rest.upTo(gap.firstMissing() - 1));
        rest = rest.from(gap.firstMissing());
      }
      long explained = Math.min(rest.count(), overflowsLeft.get(gap));
      overflowsLeft.merge(gap, -explained, Long::sum);
      rest = explained == rest.count() ? null : rest.from(rest.first() + explained);
    }
    if (rest != null) {
      unexplained.add(rest);
    }
    return unexplained;
  }

  private static boolean isDroppedBy(Gap overflow, MissingTicks missing) {
    return missing.session() != null
        && missing.session() == overflow.sessionBefore()
        && missing.last() >= overflow.firstMissing();
  }
}
