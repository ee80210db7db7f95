package io.marketstream.feed.repair;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.ledger.TradeIds;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RepairProgress;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.model.GapCause;
import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The repairs of all gaps of a task. A closed gap that names its missing trades is repaired from
 * its oldest trade on: each page continues where the last one ended, and what exceeds the limit is
 * one range at the end. The gaps of a symbol are repaired one after the other. A gap that cannot go
 * on lets the next one go first.
 *
 * <p>The progress is part of the symbol's source offset. It moves with the last record of a page,
 * so a restart repeats some pages at most, with the same numbers. Owned by the task thread.
 */
public final class GapRepairs implements AutoCloseable {

  /** A gap beyond this number per symbol stays as it is. The limit bounds the source offset. */
  static final int MAX_PER_SYMBOL = 200;

  private static final Logger LOG = LoggerFactory.getLogger(GapRepairs.class);
  private static final String ABSENT_DETAIL = "the venue's history does not have these trades";
  private static final String UNUSABLE_DETAIL = "the venue's row of this trade is unusable";

  /**
   * A record of a repair.
   *
   * @param progress the repairs of the symbol once this record is out, for its source offset; null
   *     for none
   */
  public record Repaired(BufferEntry entry, String symbol, @Nullable String progress) {}

  /**
   * A record that is ready.
   *
   * @param next what the repair has reached once the record is out; 0 if the page goes on
   */
  private record Step(Repair repair, BufferEntry entry, long next) {}

  private static final class Repair {
    final long number;
    RepairProgress progress;
    long askedUpTo; // the last id that the worker was asked for; 0 for none
    boolean isStuck; // the worker asks again and again

    Repair(long number, RepairProgress progress) {
      this.number = number;
      this.progress = progress;
    }

    String symbol() {
      return progress.gap().symbol();
    }
  }

  private static final class Symbol {
    final List<Repair> repairs = new ArrayList<>();
    @Nullable String encoded;

    void changed() {
      encoded = RepairProgress.encode(repairs.stream().map(repair -> repair.progress).toList());
    }

    @Nullable Repair of(FeedGap gap) {
      for (Repair repair : repairs) {
        if (repair.progress.isOf(gap)) {
          return repair;
        }
      }
      return null;
    }
  }

  private final String name;
  private final String source;
  private final RepairWorker worker;
  private final long maxTrades;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final Map<String, Symbol> symbols = new HashMap<>();
  private final Map<Long, Repair> byNumber = new HashMap<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final Deque<Step> ready = new ArrayDeque<>();
  private long numbers;

  /**
   * Creates the repairs of a task and continues those of previous runs.
   *
   * @param name the name of the connector, for log lines and threads
   * @param stored the repairs of previous runs by symbol
   * @param open the gaps that are open at the start
   */
  public GapRepairs(
      String name,
      String source,
      RepairSettings settings,
      Map<String, List<RepairProgress>> stored,
      List<FeedGap> open,
      FeedMetrics metrics,
      Clock clock) {
    this.name = name;
    this.source = source;
    this.maxTrades = settings.maxTrades();
    this.metrics = metrics;
    this.clock = clock;
    this.worker = new RepairWorker(name, settings, metrics, clock);
    stored.forEach(
        (symbol, repairs) -> {
          for (RepairProgress progress : repairs) {
            // A run without repairs may have closed a gap that was open when it was stored.
            if (!progress.gap().isOpen() || open.stream().anyMatch(gap -> isOf(progress, gap))) {
              add(symbol(symbol), progress);
            }
          }
          symbol(symbol).changed();
          changed.add(symbol);
        });
    count();
  }

  private static boolean isOf(RepairProgress progress, FeedGap gap) {
    return gap.symbol().equals(progress.gap().symbol()) && progress.isOf(gap);
  }

  private Symbol symbol(String symbol) {
    return symbols.computeIfAbsent(symbol, s -> new Symbol());
  }

  private void add(Symbol symbol, RepairProgress progress) {
    Repair repair = new Repair(++numbers, progress);
    symbol.repairs.add(repair);
    byNumber.put(repair.number, repair);
  }

  /** The repairs of a symbol, for its source offset; null for none. */
  public @Nullable String progress(String symbol) {
    Symbol known = symbols.get(symbol);
    return known == null ? null : known.encoded;
  }

  /**
   * The record of a gap is about to be returned. It changes {@link #progress}.
   *
   * @return the gap as it must be returned
   */
  public FeedGap published(FeedGap gap) {
    Symbol symbol = symbol(gap.symbol());
    Repair repair = symbol.of(gap);
    String first = gap.firstMissingId();
    String last = gap.lastMissingId();
    boolean repairable =
        !gap.isOpen()
            && gap.repairedAt() == null
            && first != null
            && last != null
            && !gap.symbol().equals(SourceCursor.ALL_SYMBOLS);
    FeedGap returned = gap;
    if (repair == null) {
      if (!repairable) {
        return gap;
      }
      addNew(symbol, gap, Long.parseLong(first));
    } else if (isFinished(repair.progress) && !repairable) {
      return gap;
    } else {
      returned = again(repair, gap);
    }
    symbol.changed();
    changed.add(gap.symbol());
    count();
    return returned;
  }

  private void addNew(Symbol symbol, FeedGap gap, long first) {
    for (Iterator<Repair> all = symbol.repairs.iterator(); all.hasNext(); ) {
      Repair repair = all.next();
      if (isFinished(repair.progress)) {
        byNumber.remove(repair.number);
        all.remove();
      }
    }
    if (symbol.repairs.size() >= MAX_PER_SYMBOL) {
      LOG.warn(
          "{}: {} has {} gaps that wait for their repair. The gap of the trades {} to {} stays",
          name,
          gap.symbol(),
          symbol.repairs.size(),
          gap.firstMissingId(),
          gap.lastMissingId());
      return;
    }
    add(symbol, new RepairProgress(gap, first, first));
    LOG.info(
        "{}: {} misses the trades {} to {}, which the venue's history may have",
        name,
        gap.symbol(),
        gap.firstMissingId(),
        gap.lastMissingId());
  }

  /**
   * A gap has begun or ended again under its identity. Its record replaces the one before, so it
   * must name the trades of both.
   */
  private FeedGap again(Repair repair, FeedGap gap) {
    RepairProgress known = repair.progress;
    long first = known.base();
    long last = known.last();
    if (gap.firstMissingId() != null && gap.lastMissingId() != null) {
      first = Math.min(first, Long.parseLong(gap.firstMissingId()));
      last = Math.max(last, Long.parseLong(gap.lastMissingId()));
    }
    FeedGap both = gap.missing(Long.toString(first), Long.toString(last));
    long next = first < known.base() ? first : known.next();
    if (next < known.next()) {
      repair.askedUpTo = 0;
    }
    repair.progress = new RepairProgress(both, first, next);
    return both;
  }

  /** The venue has started the numbers of a symbol over, so the ids of its gaps mean others now. */
  public void startedOver(String name) {
    Symbol symbol = symbols.get(name);
    if (symbol == null || symbol.repairs.isEmpty()) {
      return;
    }
    LOG.warn(
        "{}: the venue has started the trade ids of {} over, so its gaps cannot be repaired",
        this.name,
        name);
    for (Repair repair : symbol.repairs) {
      byNumber.remove(repair.number);
      if (!isFinished(repair.progress)) {
        worker.cancel(repair.number);
      }
    }
    symbol.repairs.clear();
    ready.removeIf(step -> step.repair().symbol().equals(name));
    symbol.changed();
    count();
  }

  /** Whether there are records of repairs, or some may come soon. */
  public boolean isBusy() {
    return !ready.isEmpty() || !changed.isEmpty() || pending() > 0;
  }

  private int pending() {
    int pending = 0;
    for (Repair repair : byNumber.values()) {
      pending += isFinished(repair.progress) ? 0 : 1;
    }
    return pending;
  }

  private void count() {
    metrics.repairsPending(pending());
  }

  /**
   * The next records, at most about {@code max}. Does not wait.
   *
   * @return records whose progress counts once they are returned, in this order. They come after
   *     every record that {@link #published} has seen
   */
  public List<Repaired> take(int max) {
    List<Repaired> taken = new ArrayList<>();
    while (taken.size() < max) {
      if (!changed.isEmpty()) {
        String next = changed.iterator().next();
        changed.remove(next);
        advance(symbol(next), taken);
      } else if (!ready.isEmpty()) {
        taken.add(returned(ready.remove()));
      } else {
        RepairWorker.Result result = worker.poll();
        if (result == null) {
          break;
        }
        prepare(result);
      }
    }
    return taken;
  }

  private Repaired returned(Step step) {
    Repair repair = step.repair();
    String name = repair.symbol();
    Symbol symbol = symbol(name);
    if (step.next() > 0) {
      repair.progress = repair.progress.upTo(step.next());
      symbol.changed();
      changed.add(name);
    }
    return new Repaired(step.entry(), name, symbol.encoded);
  }

  /** Finishes the repairs that have come to their end, and asks for the trades of the next one. */
  private void advance(Symbol symbol, List<Repaired> taken) {
    for (Repair repair : symbol.repairs) {
      RepairProgress progress = repair.progress;
      if (isFinished(progress)) {
        continue;
      }
      if (progress.next() <= limit(progress)) {
        ask(repair);
        if (!repair.isStuck) {
          return;
        }
      } else if (!progress.gap().isOpen()) { // otherwise its end may name more trades
        FeedGap last = finished(progress);
        repair.progress = progress.of(last);
        symbol.changed();
        taken.add(
            new Repaired(new BufferEntry.Gap(last, clock.millis()), last.symbol(), symbol.encoded));
        count();
      }
    }
  }

  private void ask(Repair repair) {
    RepairProgress progress = repair.progress;
    if (repair.askedUpTo >= progress.next()) {
      return; // its results are on their way
    }
    repair.askedUpTo = Math.min(limit(progress), progress.next() + worker.maxIds() - 1);
    worker.request(repair.symbol(), repair.number, progress.next(), repair.askedUpTo);
  }

  /** The last id that is repaired. */
  private long limit(RepairProgress progress) {
    return Math.min(progress.last(), progress.base() + maxTrades - 1);
  }

  private boolean isFinished(RepairProgress progress) {
    FeedGap gap = progress.gap();
    String first = gap.firstMissingId();
    return !gap.isOpen()
        && (gap.repairedAt() != null
            || (first != null
                && Long.parseLong(first) > progress.base()
                && Long.parseLong(first) > limit(progress)));
  }

  /** The last record of the gap: repaired, or with the trades that exceed the limit. */
  private FeedGap finished(RepairProgress progress) {
    FeedGap gap = progress.gap();
    if (progress.next() > progress.last()) {
      LOG.info(
          "{}: the gap of {} is repaired (trades {} to {})",
          name,
          gap.symbol(),
          progress.base(),
          progress.last());
      return gap.repaired(clock.millis());
    }
    LOG.warn(
        "{}: the gap of {} is longer than {} trades. The trades {} to {} stay missing",
        name,
        gap.symbol(),
        maxTrades,
        progress.next(),
        progress.last());
    return gap.missing(Long.toString(progress.next()), Long.toString(progress.last()));
  }

  /** Turns a result into records, in rising order of their ids. */
  private void prepare(RepairWorker.Result result) {
    Repair repair = byNumber.get(result.repair());
    if (repair == null) {
      return; // the venue has started its numbers over
    }
    repair.isStuck = result.isStuck();
    if (result.isStuck()) {
      changed.add(repair.symbol()); // the next repair may go on
      return;
    }
    List<BufferEntry> entries = new ArrayList<>(result.trades().size() + result.absent().size());
    int nextAbsent = 0;
    for (HistoricTrade trade : result.trades()) {
      while (nextAbsent < result.absent().size()
          && result.absent().get(nextAbsent).ids().first() < trade.id()) {
        entries.add(absent(repair, result.absent().get(nextAbsent++), result.fetchedAt()));
      }
      entries.add(new BufferEntry.Tick(tick(repair, trade, result.fetchedAt())));
      metrics.repairedTrade();
    }
    while (nextAbsent < result.absent().size()) {
      entries.add(absent(repair, result.absent().get(nextAbsent++), result.fetchedAt()));
    }
    for (int i = 0; i < entries.size(); i++) {
      long next = i == entries.size() - 1 ? result.next() : 0;
      ready.add(new Step(repair, entries.get(i), next));
    }
  }

  private MarketTick tick(Repair repair, HistoricTrade trade, long fetchedAt) {
    return new MarketTick(
        source,
        TickKind.TRADE,
        repair.symbol(),
        trade.price(),
        trade.volume(),
        null,
        trade.eventTime(),
        fetchedAt,
        RepairProgress.SESSION,
        trade.id(),
        Long.toString(trade.id()),
        trade.side(),
        TickOrigin.REPAIR);
  }

  private BufferEntry absent(Repair repair, RepairWorker.Absent trades, long noticedAt) {
    TradeIds.Range ids = trades.ids();
    String detail =
        trades.problem() == null ? ABSENT_DETAIL : UNUSABLE_DETAIL + " (" + trades.problem() + ")";
    metrics.absentTrades(ids.last() - ids.first() + 1);
    FeedGap gap = repair.progress.gap();
    FeedGap absent =
        FeedGap.open(
                source,
                gap.symbol(),
                GapCause.ABSENT_AT_VENUE,
                gap.gapStart(),
                RepairProgress.SESSION,
                ids.first(),
                detail)
            .closed(gap.gapEnd() == null ? gap.gapStart() : gap.gapEnd(), RepairProgress.SESSION)
            .missing(Long.toString(ids.first()), Long.toString(ids.last()))
            .repaired(noticedAt);
    LOG.warn("{}: {}: {} ({} to {})", name, gap.symbol(), detail, ids.first(), ids.last());
    return new BufferEntry.Gap(absent, noticedAt);
  }

  @Override
  public void close() {
    worker.close();
  }
}
