package io.marketstream.spark.candle;

import io.marketstream.model.TradeConditionList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides which values of a candle a tick may change, by its trade condition codes.
 *
 * <p>A tick with several codes may change what all of them allow. It is an extended-hours trade if
 * one of its codes says so. A tick without codes, or with codes that are not in the list, is a
 * regular trade without restrictions.
 */
public final class TradeConditions {
  /**
   * What a tick may change.
   *
   * @param last open and close
   * @param highLow high and low
   * @param volume volume, number of trades and vwap
   * @param extended whether it took place outside the regular session
   */
  public record Permission(boolean last, boolean highLow, boolean volume, boolean extended) {
    static final Permission ALL = new Permission(true, true, true, false);

    Permission and(Permission other) {
      return new Permission(
          last && other.last,
          highLow && other.highLow,
          volume && other.volume,
          extended || other.extended);
    }
  }

  private final Map<String, Permission> byCode;

  TradeConditions(Map<String, Permission> byCode) {
    this.byCode = Map.copyOf(byCode);
  }

  /** Returns the rules for Finnhub's codes, from the CTA and UTP specifications. */
  public static TradeConditions finnhub() {
    try (BufferedReader csv = TradeConditionList.open()) {
      return read(csv);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the trade conditions", e);
    }
  }

  static TradeConditions read(BufferedReader csv) throws IOException {
    if (!TradeConditionList.HEADER.equals(csv.readLine())) {
      throw new IllegalStateException(
          "the trade conditions do not start with " + TradeConditionList.HEADER);
    }
    Map<String, Permission> byCode = new HashMap<>();
    for (String line = csv.readLine(); line != null; line = csv.readLine()) {
      String[] cells = line.split(",", -1);
      if (cells.length != 6) {
        throw new IllegalStateException(
            "a line of the trade conditions does not have six cells: " + line);
      }
      byCode.put(
          cells[0],
          new Permission(yes(cells[2]), yes(cells[3]), yes(cells[4]), isExtended(cells[5])));
    }
    return new TradeConditions(byCode);
  }

  /** Returns what a tick with these codes may change; null means that it has no codes. */
  public Permission permission(@Nullable List<String> codes) {
    if (codes == null) {
      return Permission.ALL;
    }
    Permission all = Permission.ALL;
    for (String code : codes) {
      all = all.and(byCode.getOrDefault(code, Permission.ALL));
    }
    return all;
  }

  /** Returns whether every code is in the list; null means that there are no codes. */
  public boolean areKnown(@Nullable List<String> codes) {
    return codes == null || byCode.keySet().containsAll(codes);
  }

  private static boolean isExtended(String cell) {
    return switch (cell) {
      case "extended" -> true;
      case "regular" -> false;
      default ->
          throw new IllegalStateException(
              "neither regular nor extended in the trade conditions: " + cell);
    };
  }

  private static boolean yes(String cell) {
    return switch (cell) {
      case "yes" -> true;
      case "no" -> false;
      default ->
          throw new IllegalStateException("neither yes nor no in the trade conditions: " + cell);
    };
  }
}
