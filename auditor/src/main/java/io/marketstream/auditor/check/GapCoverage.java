package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.TradeNumber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * Decides which missing ticks and trade ids of one symbol its gaps explain. It uses the gaps of the
 * symbol and those of every symbol of its source.
 *
 * <p>An overflow explains as many ticks as it dropped, so it remembers how many it has explained.
 * Not thread-safe.
 */
final class GapCoverage {
  /** The largest step of a worker's clock between a tick and the gap that follows it. */
  private static final long MAX_CLOCK_STEP_MS = 60_000;

  private static final int MAX_GAPS_SHOWN = 5;

  private final List<Gap> gaps;
  private final List<Gap> absentAtVenue;
  private final NavigableMap<Long, Long> firstReceipts;
  private final IdentityHashMap<Gap, Long> overflowsLeft = new IdentityHashMap<>();

  /**
   * @param firstReceipts per session, epoch ms at which its first tick was received; only sessions
   *     with a tick in a topic or table, because an open gap explains ticks that were sent and did
   *     not arrive
   */
  GapCoverage(List<Gap> gaps, Map<Long, Long> firstReceipts) {
    List<Gap> sorted = gaps.stream().sorted(Comparator.comparingLong(Gap::start)).toList();
    this.gaps = sorted.stream().filter(gap -> !gap.isAbsentAtVenue()).toList();
    this.absentAtVenue = sorted.stream().filter(Gap::isAbsentAtVenue).toList();
    this.firstReceipts = new TreeMap<>(firstReceipts);
    for (Gap gap : this.gaps) {
      if (gap.isOverflow()) {
        overflowsLeft.put(gap, gap.dropped() == null ? 0L : gap.dropped());
      }
    }
  }

  /** The intervals in which ticks may have been missed, by their start. */
  List<Gap> gaps() {
    return gaps;
  }

  /** Returns the parts of {@code missing} that no gap explains, in ascending order. */
  List<MissingTicks> unexplained(MissingTicks missing) {
    if (gaps.stream().anyMatch(gap -> explainsByTime(gap, missing))) {
      return List.of();
    }
    // Numbers from the lowest one that a gap names are explained, lower numbers are not.
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
   * Returns the parts of {@code missing} that no gap explains, in ascending order. A gap that names
   * both of its ids explains these ids. A gap that was repaired explains none: each of its ids is
   * there, or a record of its own says that the venue lacks it. No older gap explains these ids
   * either. Any other gap explains the ids of its time.
   */
  List<MissingTrades> unexplained(MissingTrades missing) {
    List<MissingTrades> parts = List.of(missing);
    for (Gap gap : gaps) {
      if (gap.isRepaired()) {
        continue;
      }
      for (MissingTrades explained : explained(missing, gap)) {
        parts = without(parts, explained.first(), explained.last());
      }
    }
    for (Gap gap : absentAtVenue) {
      parts = gap.namesTradeIds() ? without(parts, gap) : parts;
    }
    return parts;
  }

  /** Returns the parts of {@code missing} that repaired gaps name, in ascending order. */
  List<MissingTrades> repaired(MissingTrades missing) {
    List<MissingTrades> others = List.of(missing);
    for (Gap gap : gaps) {
      others = gap.isRepaired() && gap.namesTradeIds() ? without(others, gap) : others;
    }
    List<MissingTrades> repaired = List.of(missing);
    for (MissingTrades other : others) {
      repaired = without(repaired, other.first(), other.last());
    }
    return repaired;
  }

  /** The ids that a gap explains, without those that another gap has repaired since. */
  private List<MissingTrades> explained(MissingTrades missing, Gap gap) {
    List<MissingTrades> explained =
        gap.namesTradeIds() || missing.isDuring(gap.start(), endOf(gap))
            ? List.of(missing)
            : List.of();
    if (gap.namesTradeIds()) {
      long first = TradeNumber.of(gap.firstMissingId());
      long last = TradeNumber.of(gap.lastMissingId());
      explained =
          last < missing.first() || first > missing.last()
              ? List.of()
              : List.of(
                  missing
                      .from(Math.max(first, missing.first()))
                      .upTo(Math.min(last, missing.last())));
    }
    for (Gap other : gaps) {
      explained = gap.isBeforeRepairOf(other) ? without(explained, other) : explained;
    }
    return explained;
  }

  private static List<MissingTrades> without(List<MissingTrades> parts, Gap named) {
    long first = TradeNumber.of(named.firstMissingId());
    long last = TradeNumber.of(named.lastMissingId());
    return without(parts, first, last);
  }

  private static List<MissingTrades> without(List<MissingTrades> parts, long first, long last) {
    return parts.stream().flatMap(part -> without(part, first, last)).toList();
  }

  private static Stream<MissingTrades> without(MissingTrades part, long first, long last) {
    if (last < part.first() || first > part.last()) {
      return Stream.of(part);
    }
    Stream<MissingTrades> below =
        first > part.first() ? Stream.of(part.upTo(first - 1)) : Stream.empty();
    Stream<MissingTrades> above =
        last < part.last() ? Stream.of(part.from(last + 1)) : Stream.empty();
    return Stream.concat(below, above);
  }

  /** Returns some of the gaps, for the trace of a finding. */
  List<String> considered() {
    List<Gap> all = Stream.concat(gaps.stream(), absentAtVenue.stream()).toList();
    if (all.isEmpty()) {
      return List.of("gaps considered: none is recorded");
    }
    List<String> considered = new ArrayList<>();
    all.stream().limit(MAX_GAPS_SHOWN).forEach(gap -> considered.add("gap considered: " + gap));
    if (all.size() > MAX_GAPS_SHOWN) {
      considered.add("and " + (all.size() - MAX_GAPS_SHOWN) + " more gaps");
    }
    return considered;
  }

  /**
   * Whether a gap leads from one session of the symbol to a later one. An open gap leads through
   * all sessions: a session that is lost before it has ended the gap opens no gap of its own.
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

  /** Returns, per session, the gap after it that names the highest number. */
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

  /** Whether a gap follows a later session of the symbol. */
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
        // A gap never begins after the loss, so it cannot explain ticks that were received before
        // it.
        && missing.notAfter() >= gap.start() - MAX_CLOCK_STEP_MS;
  }

  /**
   * Whether only the subscription was missing while the connection continued. Then the numbers have
   * no hole.
   */
  private static boolean isWithinSession(Gap gap) {
    return gap.sessionAfter() != null && gap.sessionAfter() == gap.sessionBefore();
  }

  private static boolean namesNumber(Gap gap) {
    // A gap of every symbol does not know the last number of each symbol.
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
        // The session that ended the gap has its own numbers. The gap does not explain its losses.
        && (next.isEmpty() || session < next.get().session())
        && (session != gap.sessionBefore()
            || gap.concernsAll()
            || missing.first() >= gap.firstMissing());
  }

  /**
   * @param known epoch ms, the latest possible beginning of the session
   */
  private record NextSession(long session, long known) {}

  /**
   * Finds the session that ended a gap. A closed gap names it. A gap without an end was over in the
   * first later session that has a tick or is followed by a gap. Its closing record is on its way,
   * or was never written.
   */
  private Optional<NextSession> sessionThatEnded(Gap gap) {
    if (gap.end() != null) {
      long end = gap.end();
      return Optional.ofNullable(gap.sessionAfter()).map(session -> new NextSession(session, end));
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

  /**
   * Returns the end of a gap in epoch ms. A gap that was left open by a kill ends with the next
   * closed gap of its symbol.
   */
  long endOf(Gap gap) {
    if (gap.end() != null) {
      return gap.end();
    }
    return gaps.stream()
        .filter(other -> !other.isOverflow() && other.symbol().equals(gap.symbol()))
        .filter(
            other ->
                other.end() != null && (other.start() > gap.start() || other.end() > gap.start()))
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
      long left = Objects.requireNonNull(overflowsLeft.get(gap), "every overflow has a count");
      long explained = Math.min(rest.count(), left);
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
