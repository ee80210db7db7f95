package io.marketstream.feed.repair;

/** What the venue's history says about one trade. */
public sealed interface HistoryRow permits HistoricTrade, UnusableRow {

  /** The venue's id of the trade, which rises by one per symbol. */
  long id();
}
