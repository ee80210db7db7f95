package io.marketstream.auditor;

import java.util.List;
import java.util.Optional;

/**
 * All that is known of one symbol.
 *
 * @param delivered what was written to sockets, in that order; empty where nobody recorded it
 * @param topic empty where the topic is not at hand
 * @param rows of the table {@code ticks}
 * @param latest the row of {@code latest_ticks}; empty if there is none
 * @param candles rows of the table, of any interval
 * @param gaps of the symbol, and of every symbol of its source
 * @param rejects of the job, of the symbol's source
 */
public record SymbolEvidence(
    SymbolKey key,
    Optional<List<DeliveredTick>> delivered,
    Optional<TopicTicks> topic,
    List<Tick> rows,
    Optional<Tick> latest,
    List<Candle> candles,
    List<Gap> gaps,
    List<Reject> rejects) {

  public SymbolEvidence {
    delivered = delivered.map(List::copyOf);
    rows = List.copyOf(rows);
    candles = List.copyOf(candles);
    gaps = List.copyOf(gaps);
    rejects = List.copyOf(rejects);
  }
}
