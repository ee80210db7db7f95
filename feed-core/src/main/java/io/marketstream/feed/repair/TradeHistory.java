package io.marketstream.feed.repair;

import io.marketstream.feed.websocket.RestException;
import java.util.List;

/**
 * The trades that a venue keeps, by their ids. Called on one thread, except for {@link #close},
 * which ends a running call from any thread.
 */
public interface TradeHistory extends AutoCloseable {

  /** The most ids that one call of {@link #trades} may ask for. */
  int maxIds();

  /**
   * The rows of the trades whose ids are from {@code first} to {@code last}, in rising order, as
   * far as the venue shows them. One request.
   *
   * @throws RestException if the venue does not answer, its answer cannot be read, or a row does
   *     not say which trade it is
   */
  List<HistoryRow> trades(String symbol, long first, long last) throws RestException;

  /**
   * The id of the newest trade that the venue shows; 0 for none. One request.
   *
   * @throws RestException if the venue does not answer, or its answer cannot be read
   */
  long newestId(String symbol) throws RestException;

  @Override
  void close();
}
