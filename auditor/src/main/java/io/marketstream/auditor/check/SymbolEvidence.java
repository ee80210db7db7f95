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
 * All evidence of one symbol. Iterators are read once, from beginning to end, by one thread. They
 * keep only a small part of their data in memory.
 */
public interface SymbolEvidence {
  SymbolKey key();

  /** The ticks that were written to sockets, in that order; empty without a journal. */
  Optional<List<DeliveredTick>> delivered();

  /** The rows of the table {@code ticks}, ordered by receipt, session and sequence. */
  Iterator<TickRow> rows();

  /** The records of the topic; empty if it is not read. */
  Optional<TopicRecords> topic();

  /** The rows of the table {@code candles} of one interval, ordered by opening time. */
  Iterator<Candle> candles(CandleInterval interval);

  ChangingRows openRows();

  /**
   * The rows of {@code feed_gaps} of this symbol, and those that concern every symbol of its
   * source.
   */
  List<GapRow> gaps();

  /** The records of the topic of gaps, only of this symbol; empty if that topic is not read. */
  Optional<GapRecords> gapRecords();

  Rejects rejects();

  /** The highest number of a session in rows older than {@link #rows}; empty if there is none. */
  OptionalLong lastNumberBefore(long session);

  /** The rows of a session with numbers in this range that {@link #rows} did not return. */
  List<TickRow> rowsElsewhere(long session, long first, long last);

  /**
   * Rows that are wrong by themselves. {@link #rows} leaves out rows that lack a column. This list
   * is complete once everything else was read.
   */
  List<RowFault> faults();
}
