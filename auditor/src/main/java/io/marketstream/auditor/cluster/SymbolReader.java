package io.marketstream.auditor.cluster;

import io.marketstream.auditor.check.AuditRules;
import io.marketstream.auditor.check.RowFault;
import io.marketstream.auditor.check.SymbolEvidence;
import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.GapRow;
import io.marketstream.auditor.evidence.Rejects;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicRecords;
import io.marketstream.model.CandleInterval;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** The evidence of one symbol, read from tables and topic while it is audited. */
final class SymbolReader implements SymbolEvidence {
  /**
   * How many hours with rows of a session are read, because the older one may have the highest
   * number.
   */
  private static final int HOURS_OF_LAST_NUMBER = 2;

  /**
   * The parts that all symbols of one audit share.
   *
   * @param aheadMs how far an event time may be ahead of its receipt
   * @param searches how many searches outside the hours that are read are left
   */
  record Shared(
      TableReader tables,
      AuditRules rules,
      AuditPlan.Hours hours,
      long aheadMs,
      AtomicInteger searches) {}

  private final Shared shared;
  private final SymbolKey key;
  private final long[] hours;
  private final ChangingRows openRows;
  private final List<GapRow> gaps;
  private final Optional<GapRecords> gapRecords;
  private final Optional<TopicRecords> topic;
  private final Rejects rejects;
  private final Optional<List<DeliveredTick>> delivered;
  private final List<RowFault> faults;

  /**
   * @param hours ascending
   * @param faults faults of the symbol that are already known
   */
  SymbolReader(
      Shared shared,
      SymbolKey key,
      long[] hours,
      ChangingRows openRows,
      List<GapRow> gaps,
      Optional<GapRecords> gapRecords,
      Optional<TopicRecords> topic,
      Rejects rejects,
      Optional<List<DeliveredTick>> delivered,
      List<RowFault> faults) {
    this.shared = shared;
    this.key = key;
    this.hours = hours;
    this.openRows = openRows;
    this.gaps = gaps;
    this.gapRecords = gapRecords;
    this.topic = topic;
    this.rejects = rejects;
    this.delivered = delivered;
    this.faults = new ArrayList<>(faults);
  }

  @Override
  public SymbolKey key() {
    return key;
  }

  @Override
  public Optional<List<DeliveredTick>> delivered() {
    return delivered;
  }

  @Override
  public Iterator<TickRow> rows() {
    return new ReceiptOrder(shared.tables().ticks(key, hours, faults::add), shared.aheadMs());
  }

  @Override
  public Optional<TopicRecords> topic() {
    return topic;
  }

  @Override
  public Iterator<Candle> candles(CandleInterval interval) {
    long first = interval.openTime(Math.max(shared.rules().ticksFrom(), shared.hours().oldest()));
    long after = Math.min(shared.rules().span().until(), shared.hours().newest());
    return shared.tables().candles(key, interval, first, after, faults::add);
  }

  @Override
  public ChangingRows openRows() {
    return openRows;
  }

  @Override
  public List<GapRow> gaps() {
    return gaps;
  }

  @Override
  public Optional<GapRecords> gapRecords() {
    return gapRecords;
  }

  @Override
  public Rejects rejects() {
    return rejects;
  }

  @Override
  public OptionalLong lastNumberBefore(long session) {
    long first = Math.max(TableReader.hour(session) - TableReader.HOUR_MS, shared.hours().oldest());
    OptionalLong last = OptionalLong.empty();
    int found = 0;
    for (long hour : newestFirst(hoursOf(first, shared.hours().readFrom() - TableReader.HOUR_MS))) {
      OptionalLong ofHour = shared.tables().lastNumber(key, hour, session);
      if (ofHour.isPresent()) {
        last = OptionalLong.of(Math.max(last.orElse(-1), ofHour.getAsLong()));
        if (++found == HOURS_OF_LAST_NUMBER) {
          break;
        }
      }
    }
    return last;
  }

  private long[] hoursOf(long first, long last) {
    return first > last
        ? new long[0]
        : shared.tables().hours(Set.of(key), first, last).getOrDefault(key, new long[0]);
  }

  private static long[] newestFirst(long[] ascending) {
    return LongStream.rangeClosed(1, ascending.length)
        .map(back -> ascending[ascending.length - (int) back])
        .toArray();
  }

  @Override
  public List<TickRow> rowsElsewhere(long session, long first, long last) {
    if (shared.searches().decrementAndGet() < 0) {
      return List.of();
    }
    long[] outside =
        LongStream.concat(
                LongStream.of(
                    hoursOf(
                        shared.hours().oldest(), shared.hours().readFrom() - TableReader.HOUR_MS)),
                LongStream.of(
                    hoursOf(
                        shared.hours().readTo() + TableReader.HOUR_MS, shared.hours().newest())))
            .toArray();
    return shared.tables().numbers(key, outside, session, first, last);
  }

  @Override
  public List<RowFault> faults() {
    return faults;
  }

  /** A short text for the log. */
  @Override
  public String toString() {
    return key + " in " + hours.length + " hours";
  }
}
