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
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The repairs of all gaps of a task. A closed gap that names its missing trades is repaired from
 * its oldest trade on: each page continues where the last one ended, and what exceeds the limit is
 * one range at the end. The gaps of a symbol are repaired one after the other.
 *
 * <p>The progress is part of the symbol's source offset. It moves with the last record of a page,
 * so a restart repeats a page at most, with the same numbers. Owned by the task thread.
 */
public final class GapRepairs implements AutoCloseable {

  /** A gap beyond this number per symbol stays as it is. The limit bounds the source offset. */
  static final int MAX_PER_SYMBOL = 200;

  private static final Logger LOG = LoggerFactory.getLogger(GapRepairs.class);
  private static final String ABSENT_DETAIL = "the venue's history does not have these trades";

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
  private record Step(String symbol, long session, BufferEntry entry, long next) {}

  private static final class Symbol {
    final List<RepairProgress> repairs = new ArrayList<>();
    @Nullable String encoded;
    long askedSession; // the repair that has asked for trades last
    long askedUpTo; // the last id that it has asked for

    void changed() {
      encoded = RepairProgress.encode(repairs);
    }

    int indexOf(long session) {
      for (int i = 0; i < repairs.size(); i++) {
        if (repairs.get(i).session() == session) {
          return i;
        }
      }
      return -1;
    }

    int indexOf(FeedGap gap) {
      for (int i = 0; i < repairs.size(); i++) {
        if (repairs.get(i).isOf(gap)) {
          return i;
        }
      }
      return -1;
    }
  }

  private final String name;
  private final String source;
  private final RepairWorker worker;
  private final long maxTrades;
  private final LongUnaryOperator reserveSession;
  private final FeedMetrics metrics;
  private final Clock clock;
  private final Map<String, Symbol> symbols = new HashMap<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private final Deque<Step> ready = new ArrayDeque<>();

  /**
   * Creates the repairs of a task and continues those of previous runs.
   *
   * @param name the name of the connector, for log lines and threads
   * @param stored the repairs of previous runs by symbol
   * @param reserveSession reserves a session number for the time that it is called with, epoch ms
   */
  public GapRepairs(
      String name,
      String source,
      RepairSettings settings,
      Map<String, List<RepairProgress>> stored,
      LongUnaryOperator reserveSession,
      FeedMetrics metrics,
      Clock clock) {
    this.name = name;
    this.source = source;
    this.maxTrades = settings.maxTrades();
    this.reserveSession = reserveSession;
    this.metrics = metrics;
    this.clock = clock;
    this.worker = new RepairWorker(name, settings, metrics, clock);
    stored.forEach(
        (symbol, repairs) -> {
          Symbol known = symbol(symbol);
          known.repairs.addAll(repairs);
          known.changed();
          changed.add(symbol);
        });
    count();
  }

  private Symbol symbol(String symbol) {
    return symbols.computeIfAbsent(symbol, s -> new Symbol());
  }

  /**
   * The record of a gap is about to be returned.
   *
   * @return the repairs of its symbol from this record on, for its source offset; null for none
   */
  public @Nullable String published(FeedGap gap) {
    Symbol symbol = symbol(gap.symbol());
    int index = symbol.indexOf(gap);
    boolean repairable =
        !gap.isOpen()
            && gap.repairedAt() == null
            && gap.firstMissingId() != null
            && gap.lastMissingId() != null
            && !gap.symbol().equals(SourceCursor.ALL_SYMBOLS);
    if (index >= 0) {
      RepairProgress known = symbol.repairs.get(index);
      if (repairable) {
        symbol.repairs.set(index, known.of(gap));
      } else if (gap.isOpen()) {
        // It has begun again under its identity. Until it is closed, it is not repaired.
        FeedGap old = known.gap();
        symbol.repairs.set(
            index,
            known.of(
                gap.firstMissingId() == null
                        && old.firstMissingId() != null
                        && old.lastMissingId() != null
                    ? gap.missing(old.firstMissingId(), old.lastMissingId())
                    : gap));
      } else {
        symbol.repairs.remove(index);
      }
    } else if (repairable) {
      add(symbol, gap, Long.parseLong(gap.firstMissingId()));
    } else {
      return symbol.encoded;
    }
    symbol.changed();
    changed.add(gap.symbol());
    count();
    return symbol.encoded;
  }

  private void add(Symbol symbol, FeedGap gap, long first) {
    symbol.repairs.removeIf(this::isFinished);
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
    symbol.repairs.add(
        new RepairProgress(gap, reserveSession.applyAsLong(clock.millis()), first, first));
    LOG.info(
        "{}: {} misses the trades {} to {}, which the venue's history may have",
        name,
        gap.symbol(),
        gap.firstMissingId(),
        gap.lastMissingId());
  }

  /** Whether there are records of repairs, or some may come soon. */
  public boolean isBusy() {
    return !ready.isEmpty() || !changed.isEmpty() || pending() > 0;
  }

  private int pending() {
    int pending = 0;
    for (Symbol symbol : symbols.values()) {
      for (RepairProgress repair : symbol.repairs) {
        pending += isFinished(repair) ? 0 : 1;
      }
    }
    return pending;
  }

  private void count() {
    metrics.repairsPending(pending());
  }

  /**
   * The next records, at most about {@code max}. Does not wait.
   *
   * @return records whose progress counts once they are returned, in this order
   */
  public List<Repaired> take(int max) {
    List<Repaired> taken = new ArrayList<>();
    while (taken.size() < max) {
      if (!changed.isEmpty()) {
        String next = changed.iterator().next();
        changed.remove(next);
        advance(next, taken);
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
    Symbol symbol = symbol(step.symbol());
    if (step.next() > 0) {
      int index = symbol.indexOf(step.session());
      if (index >= 0) {
        symbol.repairs.set(index, symbol.repairs.get(index).upTo(step.next()));
        symbol.changed();
      }
      changed.add(step.symbol());
    }
    return new Repaired(step.entry(), step.symbol(), symbol.encoded);
  }

  /** Finishes the repairs that have come to their end, and asks for the trades of the next one. */
  private void advance(String name, List<Repaired> taken) {
    Symbol symbol = symbol(name);
    for (int i = 0; i < symbol.repairs.size(); i++) {
      RepairProgress repair = symbol.repairs.get(i);
      if (isFinished(repair)) {
        continue;
      }
      if (repair.next() <= limit(repair)) {
        ask(name, symbol, repair);
        return;
      }
      if (repair.gap().isOpen()) {
        continue; // it names more trades, or none, once it is closed
      }
      FeedGap last = finished(repair);
      symbol.repairs.set(i, repair.of(last));
      symbol.changed();
      taken.add(new Repaired(new BufferEntry.Gap(last, clock.millis()), name, symbol.encoded));
      count();
    }
  }

  private void ask(String name, Symbol symbol, RepairProgress repair) {
    if (symbol.askedSession == repair.session() && symbol.askedUpTo >= repair.next()) {
      return; // its results are on their way
    }
    symbol.askedSession = repair.session();
    symbol.askedUpTo = Math.min(limit(repair), repair.next() + worker.maxIds() - 1);
    worker.request(name, repair.session(), repair.next(), symbol.askedUpTo);
  }

  /** The last id that is repaired. */
  private long limit(RepairProgress repair) {
    return Math.min(repair.last(), repair.base() + maxTrades - 1);
  }

  private boolean isFinished(RepairProgress repair) {
    FeedGap gap = repair.gap();
    return gap.repairedAt() != null
        || (gap.firstMissingId() != null && Long.parseLong(gap.firstMissingId()) > limit(repair));
  }

  /** The last record of the gap: repaired, or with the trades that exceed the limit. */
  private FeedGap finished(RepairProgress repair) {
    FeedGap gap = repair.gap();
    String last = gap.lastMissingId();
    if (last == null || limit(repair) >= repair.last()) {
      LOG.info(
          "{}: the gap of {} is repaired (trades {} to {})",
          name,
          gap.symbol(),
          repair.base(),
          last);
      return gap.repaired(clock.millis());
    }
    LOG.warn(
        "{}: the gap of {} is longer than {} trades. The trades {} to {} stay missing",
        name,
        gap.symbol(),
        maxTrades,
        limit(repair) + 1,
        last);
    return gap.missing(Long.toString(limit(repair) + 1), last);
  }

  /** Turns a result into records, in rising order of their ids. */
  private void prepare(RepairWorker.Result result) {
    Symbol symbol = symbol(result.symbol());
    int index = symbol.indexOf(result.session());
    if (index < 0) {
      return; // the gap has turned out to miss nothing
    }
    RepairProgress repair = symbol.repairs.get(index);
    List<BufferEntry> entries = new ArrayList<>(result.trades().size() + result.absent().size());
    int nextAbsent = 0;
    for (HistoricTrade trade : result.trades()) {
      while (nextAbsent < result.absent().size()
          && result.absent().get(nextAbsent).first() < trade.id()) {
        entries.add(absent(repair, result.absent().get(nextAbsent++), result.fetchedAt()));
      }
      entries.add(new BufferEntry.Tick(tick(repair, trade, result)));
      metrics.repairedTrade();
    }
    while (nextAbsent < result.absent().size()) {
      entries.add(absent(repair, result.absent().get(nextAbsent++), result.fetchedAt()));
    }
    for (int i = 0; i < entries.size(); i++) {
      long next = i == entries.size() - 1 ? result.next() : 0;
      ready.add(new Step(result.symbol(), result.session(), entries.get(i), next));
    }
  }

  private MarketTick tick(RepairProgress repair, HistoricTrade trade, RepairWorker.Result result) {
    return new MarketTick(
        source,
        TickKind.TRADE,
        result.symbol(),
        trade.price(),
        trade.volume(),
        null,
        trade.eventTime(),
        result.fetchedAt(),
        repair.session(),
        trade.id() - repair.base(),
        Long.toString(trade.id()),
        trade.side(),
        TickOrigin.REPAIR);
  }

  private BufferEntry absent(RepairProgress repair, TradeIds.Range ids, long noticedAt) {
    metrics.absentTrades(ids.last() - ids.first() + 1);
    FeedGap gap = repair.gap();
    FeedGap absent =
        FeedGap.open(
                source,
                gap.symbol(),
                GapCause.ABSENT_AT_VENUE,
                gap.gapStart(),
                repair.session(),
                ids.first() - repair.base(),
                ABSENT_DETAIL)
            .closed(gap.gapEnd() == null ? gap.gapStart() : gap.gapEnd(), repair.session())
            .missing(Long.toString(ids.first()), Long.toString(ids.last()))
            .repaired(noticedAt);
    LOG.warn("{}: {}: {} ({} to {})", name, gap.symbol(), ABSENT_DETAIL, ids.first(), ids.last());
    return new BufferEntry.Gap(absent, noticedAt);
  }

  /** The sessions of repairs: no connection may get one of them. */
  public static long newestSession(Collection<List<RepairProgress>> stored) {
    long newest = 0;
    for (List<RepairProgress> repairs : stored) {
      for (RepairProgress repair : repairs) {
        newest = Math.max(newest, repair.session());
      }
    }
    return newest;
  }

  @Override
  public void close() {
    worker.close();
  }
}
