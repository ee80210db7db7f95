package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.Candle;
import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.DeliveredTick;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.GapRow;
import io.marketstream.auditor.evidence.Rejects;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickRow;
import io.marketstream.auditor.evidence.TopicRecords;
import io.marketstream.auditor.evidence.TopicTick;
import io.marketstream.model.CandleInterval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The evidence of a symbol as lists. */
final class ListedEvidence implements SymbolEvidence {
  final SymbolKey key;
  Optional<List<DeliveredTick>> delivered = Optional.empty();
  Optional<List<TopicTick>> topic = Optional.empty();
  long topicFrom = Long.MIN_VALUE;
  long topicUntil = Long.MAX_VALUE;
  List<TickRow> rows = List.of();
  List<Candle> candles = List.of();
  ChangingRows openRows = ChangingRows.settled(Optional.empty());
  List<Gap> gaps = List.of();
  Optional<GapRecords> gapRecords = Optional.empty();
  Rejects rejects = Rejects.NONE;
  final Map<Long, Long> lastNumbersBefore = new HashMap<>();
  final List<TickRow> elsewhere = new ArrayList<>();
  final List<RowFault> faults = new ArrayList<>();

  ListedEvidence(SymbolKey key) {
    this.key = key;
  }

  /** Makes a row in its right partition, written when the tick was received. */
  static TickRow row(Tick tick) {
    return new TickRow(
        tick, Math.floorDiv(tick.eventTime(), 3_600_000) * 3_600_000, tick.receivedAt());
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
    return rows.stream().sorted(Comparator.comparing(TickRow::tick, Tick.ARRIVAL)).iterator();
  }

  @Override
  public Optional<TopicRecords> topic() {
    return topic.map(records -> new TopicRecords(topicFrom, topicUntil, records.iterator()));
  }

  @Override
  public Iterator<Candle> candles(CandleInterval interval) {
    return candles.stream()
        .filter(candle -> candle.interval().equals(interval.name()))
        .sorted(Comparator.comparingLong(Candle::openTime))
        .iterator();
  }

  @Override
  public ChangingRows openRows() {
    return openRows;
  }

  @Override
  public List<GapRow> gaps() {
    return gaps.stream().map(gap -> new GapRow(gap, gap.start())).toList();
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
    Long last = lastNumbersBefore.get(session);
    return last == null ? OptionalLong.empty() : OptionalLong.of(last);
  }

  @Override
  public List<TickRow> rowsElsewhere(long session, long first, long last) {
    return elsewhere.stream()
        .filter(row -> row.id().session() == session)
        .filter(row -> row.id().sequence() >= first && row.id().sequence() <= last)
        .toList();
  }

  @Override
  public List<RowFault> faults() {
    return faults;
  }
}
