package io.marketstream.simulator.market;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One tick as it is written to the wire, with its numbers as text. */
public sealed interface SimTick permits SimTrade, SimPrice, SimMatch {

  String symbol();

  /** Decimal text, verbatim on the wire. */
  String price();

  /** Decimal text, verbatim on the wire; null where the feed has none. */
  @Nullable String volume();

  /**
   * Condition codes in wire order; null where {@code c} is null or absent, or the feed has none.
   */
  @Nullable List<String> conditions();

  /** Unix milliseconds; null where the feed sends no time. */
  @Nullable Long eventTimeMs();

  /** The venue's number of the trade; null where the feed sends none. */
  default @Nullable Long tradeId() {
    return null;
  }
}
