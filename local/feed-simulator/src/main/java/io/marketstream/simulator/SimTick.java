package io.marketstream.simulator;

import java.util.List;

/** What one tick says on the wire, its numbers as the text that is written. */
public sealed interface SimTick permits SimTrade, SimPrice {

  String symbol();

  /** Decimal text, verbatim on the wire. */
  String price();

  /** Decimal text, verbatim on the wire; null where the feed has none. */
  String volume();

  /**
   * Condition codes in wire order; null where {@code c} is null or absent, or the feed has none.
   */
  List<String> conditions();

  /** Unix milliseconds; null where the feed sends no time. */
  Long eventTimeMs();
}
