package io.marketstream.auditor.check;

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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything that is known of one symbol. Iterators are read once, from beginning to end, by one
 * thread. They hold only a small part of what they return.
 */
public interface SymbolEvidence {
  SymbolKey key();

  /** What was written to sockets, in that order; empty where nobody recorded it. */
  Optional<List<DeliveredTick>> delivered();

  /** Rows of the table {@code ticks} by receipt, session and sequence. */
  Iterator<TickRow> rows();

  /** Empty where the topic is not read. */
  Optional<TopicRecords> topic();

  /** Rows of the table {@code candles} of one interval, by opening time. */
  Iterator<Candle> candles(CandleInterval interval);

  ChangingRows openRows();

  /** Rows of {@code feed_gaps}, of the symbol and of every symbol of its source. */
  List<GapRow> gaps();

  /** Records of the topic of gaps, of the symbol alone; empty where that topic is not read. */
  Optional<GapRecords> gapRecords();

  Rejects rejects();

  /**
   * The highest number of a session among rows older than {@link #rows}; empty if there is none.
   */
  OptionalLong lastNumberBefore(long session);

  /** Rows of a session with numbers of this range that {@link #rows} did not return. */
  List<TickRow> rowsElsewhere(long session, long first, long last);

  /**
   * Rows with which something is wrong by themselves. {@link #rows} leaves rows out that lack a
   * column. Complete once everything else was read.
   */
  List<RowFault> faults();
}
