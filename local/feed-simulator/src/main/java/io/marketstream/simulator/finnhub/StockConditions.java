package io.marketstream.simulator.finnhub;

import io.marketstream.simulator.market.MarketHours.Session;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The condition codes of stock trades in a market with hours, by session and event. The codes are
 * Finnhub's.
 */
final class StockConditions {

  /** Each combination occurs as often as it is listed here. */
  private static final List<List<String>> REGULAR =
      List.of(
          List.of("1"),
          List.of("1"),
          List.of("1"),
          List.of("1", "12"),
          List.of("1", "12"),
          List.of("12", "1"),
          List.of("1", "8"),
          List.of("1", "8"),
          List.of("1", "8", "12"),
          List.of("1", "22"),
          List.of("3"),
          List.of("10"));

  private static final List<List<String>> EXTENDED =
      List.of(
          List.of("24"),
          List.of("1", "24"),
          List.of("1", "24"),
          List.of("1", "24", "12"),
          List.of("1", "8", "24", "12"),
          List.of("1", "8", "24", "12"));

  /** Re-opening prints after a halt, and stopped stock: now and then in the regular session. */
  private static final List<List<String>> RARE = List.of(List.of("34"), List.of("31"));

  private static final int ONE_IN_RARE = 2_000;

  private static final List<String> OPENING_PRINTS = List.of("19");
  private static final List<String> OFFICIAL_OPEN = List.of("20");
  private static final List<String> CLOSING_PRINTS = List.of("36");
  private static final List<String> MARKET_CENTER_CLOSING_TRADE = List.of("35");
  private static final List<String> OFFICIAL_CLOSE = List.of("16");

  /** The code of a late trade (Sold, Out of Sequence). */
  private static final List<String> LATE = List.of("30");

  private static final List<String> LATE_EXTENDED = List.of("25");

  /** Stocks of Nasdaq. The closing auction of any other stock has the code of the NYSE. */
  private static final Set<String> NASDAQ =
      Set.of(
          "AAPL", "MSFT", "NVDA", "AMZN", "GOOGL", "META", "TSLA", "AVGO", "COST", "AMD", "NFLX",
          "QQQ", "PEP", "INTC", "CSCO", "QCOM", "PLTR", "SOFI");

  private StockConditions() {}

  /** The codes of an ordinary trade. */
  static List<String> of(Session session, SplittableRandom random) {
    if (session == Session.REGULAR && random.nextInt(ONE_IN_RARE) == 0) {
      return RARE.get(random.nextInt(RARE.size()));
    }
    List<List<String>> all = session.isExtended() ? EXTENDED : REGULAR;
    return all.get(random.nextInt(all.size()));
  }

  /** The codes of a trade that is reported late. */
  static List<String> late(Session session) {
    return session.isExtended() ? LATE_EXTENDED : LATE;
  }

  /** The codes of the opening auction: first its trade, then the official price. */
  static List<List<String>> opening() {
    return List.of(OPENING_PRINTS, OFFICIAL_OPEN);
  }

  /** The codes of the closing auction: first its trade, then the official price. */
  static List<List<String>> closing(String symbol) {
    return List.of(
        NASDAQ.contains(symbol) ? CLOSING_PRINTS : MARKET_CENTER_CLOSING_TRADE, OFFICIAL_CLOSE);
  }
}
