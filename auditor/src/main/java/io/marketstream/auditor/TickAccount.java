package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Where each tick of a symbol is: a row, in a gap, rejected, or nowhere. */
final class TickAccount {
  private static final int CONSIDERED_GAPS_TOLD = 5;

  private final SymbolEvidence evidence;
  private final CopiesByNumber copies;
  private final Span span;
  private final Findings findings;
  private final GapLedger gaps;
  private long delivered;
  private long stored;
  private long inGaps;
  private long rejected;
  private MissingTicks together; // known from the topic, in no row, without a break; may be null

  TickAccount(SymbolEvidence evidence, CopiesByNumber copies, Span span, Findings findings) {
    this.evidence = evidence;
    this.copies = copies;
    this.span = span;
    this.findings = findings;
    this.gaps = new GapLedger(evidence.gaps(), firstReceipts(evidence));
  }

  AuditCounts balance() {
    evidence.delivered().ifPresentOrElse(this::followDelivered, this::followNumbers);
    return new AuditCounts(delivered, stored, inGaps, rejected, 0, 0);
  }

  /** The simulators' record says what there was. */
  private void followDelivered(List<DeliveredTick> ticks) {
    for (DeliveredTick tick : ticks) {
      delivered++;
      long written = tick.sent().writtenAt();
      if (tick.id() == null || !isFoundOrRejected(tick.id())) {
        long number = tick.sent().sequence();
        explain(
            new MissingTicks(tick.session(), number, number, written, written),
            tick.id() == null ? List.of("socket: sent with " + tick) : copies.way(tick.id()));
      }
    }
  }

  /** Sessions count from 0: what lies below a number that is known was there too. */
  private void followNumbers() {
    TreeMap<Long, TreeMap<Long, Long>> receivedBySession = knownNumbers();
    for (Map.Entry<Long, TreeMap<Long, Long>> session : receivedBySession.entrySet()) {
      followSession(session.getKey(), session.getValue());
      Map.Entry<Long, TreeMap<Long, Long>> older = receivedBySession.lowerEntry(session.getKey());
      if (older != null) {
        followRestart(
            older.getKey(),
            latest(older.getValue()),
            session.getKey(),
            earliest(session.getValue()));
      }
    }
    for (Gap gap : gaps.furthestOfSessions()) {
      TreeMap<Long, Long> received =
          receivedBySession.getOrDefault(gap.sessionBefore(), new TreeMap<>());
      // What comes later tells that the last ticks are not merely on their way.
      if (evidence.topic().isPresent()
          || receivedBySession.higherKey(gap.sessionBefore()) != null
          || gaps.isFollowed(gap.sessionBefore())) {
        followEnd(gap, received.lastEntry());
      }
    }
  }

  private static Map<Long, Long> firstReceipts(SymbolEvidence evidence) {
    Map<Long, Long> first = new HashMap<>();
    Consumer<Tick> take = tick -> first.merge(tick.id().session(), tick.receivedAt(), Math::min);
    evidence.rows().forEach(take);
    evidence.topic().ifPresent(topic -> topic.ticks().forEach(copy -> take.accept(copy.tick())));
    return first;
  }

  /** Time of receipt by sequence, by session. */
  private TreeMap<Long, TreeMap<Long, Long>> knownNumbers() {
    TreeMap<Long, TreeMap<Long, Long>> numbers = new TreeMap<>();
    evidence.rows().forEach(row -> know(numbers, row));
    evidence.topic().ifPresent(topic -> topic.ticks().forEach(copy -> know(numbers, copy.tick())));
    return numbers;
  }

  private static void know(TreeMap<Long, TreeMap<Long, Long>> numbers, Tick tick) {
    numbers
        .computeIfAbsent(tick.id().session(), unseen -> new TreeMap<>())
        .merge(tick.id().sequence(), tick.receivedAt(), Math::min);
  }

  private void followSession(long session, TreeMap<Long, Long> received) {
    // A session that began before the span may have had numbers that are no longer there.
    long next = session >= span.since() ? 0 : received.firstKey();
    long before = Math.min(session, received.firstEntry().getValue());
    for (Map.Entry<Long, Long> known : received.entrySet()) {
      if (known.getKey() > next) {
        followHole(
            new MissingTicks(
                session,
                next,
                known.getKey() - 1,
                Math.min(before, known.getValue()),
                known.getValue()));
      }
      followKnown(new TickId(session, known.getKey()));
      next = known.getKey() + 1;
      before = known.getValue();
    }
    tellWhatIsTogether();
  }

  /**
   * A gap tells how far the session before it had counted.
   *
   * @param lastReceived null where nothing of the session is there
   */
  private void followEnd(Gap gap, Map.Entry<Long, Long> lastReceived) {
    long session = gap.sessionBefore();
    if (lastReceived == null && session < span.since()) {
      return; // its ticks may be too old to be there
    }
    long next = lastReceived == null ? 0 : lastReceived.getKey() + 1;
    long before = lastReceived == null ? session : lastReceived.getValue();
    if (gap.firstMissing() > next) {
      followHole(
          new MissingTicks(
              session, next, gap.firstMissing() - 1, before, Math.max(before, gap.start())));
    }
  }

  private void followKnown(TickId id) {
    boolean audited =
        copies.rows(id).stream().anyMatch(row -> span.contains(row.eventTime()))
            || copies.inTopic(id).stream().anyMatch(copy -> span.contains(copy.tick().eventTime()));
    if (audited) {
      delivered++;
      if (!isFoundOrRejected(id)) {
        long received = copies.inTopic(id).get(0).tick().receivedAt();
        tellTogether(
            new MissingTicks(id.session(), id.sequence(), id.sequence(), received, received));
      }
    }
  }

  /** A table that lost an hour is one finding, not one for each tick. */
  private void tellTogether(MissingTicks tick) {
    if (together != null && tick.follows(together)) {
      together = together.with(tick);
      return;
    }
    tellWhatIsTogether();
    together = tick;
  }

  private void tellWhatIsTogether() {
    if (together != null) {
      tellUnexplained(together, copies.way(new TickId(together.session(), together.first())));
      together = null;
    }
  }

  private void followHole(MissingTicks hole) {
    if (hole.notAfter() < span.since() || hole.notBefore() >= span.until()) {
      return;
    }
    delivered += hole.count();
    MissingTicks rest = hole;
    List<Long> rejectedNumbers =
        evidence.rejects().stream()
            .flatMap(reject -> reject.tickOf(evidence.key().symbol()).stream())
            .filter(id -> id.session() == hole.session())
            .map(TickId::sequence)
            .filter(number -> number >= hole.first() && number <= hole.last())
            .distinct()
            .sorted()
            .toList();
    for (long number : rejectedNumbers) {
      rejected++;
      if (number > rest.first()) {
        explain(rest.upTo(number - 1), wayAround(rest.upTo(number - 1)));
      }
      rest = rest.from(number + 1);
    }
    if (rest.count() > 0) {
      explain(rest, wayAround(rest));
    }
  }

  private List<String> wayAround(MissingTicks hole) {
    List<String> way = new ArrayList<>();
    if (hole.first() > 0) {
      way.add("the one before: " + copies.rows(new TickId(hole.session(), hole.first() - 1)));
    }
    TickId after = new TickId(hole.session(), hole.last() + 1);
    way.add(
        copies.rows(after).isEmpty()
            ? "the one after: a gap names the number"
            : "the one after: " + copies.rows(after));
    if (evidence.topic().isPresent()) {
      way.add("topic: not there");
    }
    way.add("table: not there");
    return way;
  }

  private void followRestart(long session, long lastReceived, long next, long firstReceived) {
    if (firstReceived >= span.since()
        && lastReceived < span.until()
        && !gaps.leads(session, lastReceived, next, firstReceived)) {
      findings.add(
          FindingKind.SESSION_WITHOUT_GAP,
          1,
          "session "
              + next
              + " follows session "
              + session
              + ", whose last tick was received at "
              + java.time.Instant.ofEpochMilli(lastReceived),
          this::consideredGaps);
    }
  }

  private static long latest(TreeMap<Long, Long> received) {
    return received.values().stream().max(Long::compare).orElseThrow();
  }

  private static long earliest(TreeMap<Long, Long> received) {
    return received.values().stream().min(Long::compare).orElseThrow();
  }

  /** What reached the topic is no gap's to explain. */
  private boolean isFoundOrRejected(TickId id) {
    if (!copies.rows(id).isEmpty()) {
      stored++;
      return true;
    }
    if (copies.reject(id).isPresent()) {
      rejected++;
      return true;
    }
    return false;
  }

  private void explain(MissingTicks missing, List<String> way) {
    boolean reachedTopic =
        missing.session() != null
            && !copies.inTopic(new TickId(missing.session(), missing.first())).isEmpty();
    if (reachedTopic) {
      tellUnexplained(missing, way);
      return;
    }
    long unexplained = 0;
    for (MissingTicks rest : gaps.unexplained(missing)) {
      unexplained += rest.count();
      tellUnexplained(rest, way);
    }
    inGaps += missing.count() - unexplained;
  }

  private void tellUnexplained(MissingTicks missing, List<String> way) {
    findings.addMissing(
        missing,
        () -> {
          List<String> whole = new ArrayList<>(way);
          whole.addAll(consideredGaps());
          whole.add(
              evidence.topic().isPresent()
                  ? "rejects considered: " + evidence.rejects().size() + ", none names it"
                  : "rejects were not read: add --bootstrap-servers");
          return whole;
        });
  }

  private List<String> consideredGaps() {
    if (gaps.gaps().isEmpty()) {
      return List.of("gaps considered: none is recorded");
    }
    List<String> considered = new ArrayList<>();
    gaps.gaps().stream()
        .limit(CONSIDERED_GAPS_TOLD)
        .forEach(gap -> considered.add("gap considered: " + gap));
    if (gaps.gaps().size() > CONSIDERED_GAPS_TOLD) {
      considered.add("and " + (gaps.gaps().size() - CONSIDERED_GAPS_TOLD) + " more gaps");
    }
    return considered;
  }
}
