package io.marketstream.model;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Finnhub's trade conditions, and which prices of a candle a trade with such a condition may move.
 * The source is the consolidated columns of the CTA and UTP specifications.
 */
public final class TradeConditionList {
  /** The first line of the list. Fields contain no comma. */
  public static final String HEADER =
      "code,name,updates_last,updates_high_low,updates_volume,session";

  private static final String RESOURCE = "trade_conditions.csv";

  private TradeConditionList() {}

  /**
   * Opens the list: the header, then one line per code.
   *
   * @throws IllegalStateException if the list is not on the class path
   */
  public static BufferedReader open() {
    InputStream csv = TradeConditionList.class.getResourceAsStream(RESOURCE);
    if (csv == null) {
      throw new IllegalStateException(RESOURCE + " is missing from the jar of market-data-model");
    }
    return new BufferedReader(new InputStreamReader(csv, StandardCharsets.UTF_8));
  }
}
