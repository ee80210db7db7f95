package io.marketstream.auditor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the condition codes of a tick let it move in a candle: what all of them allow. A code that
 * is not listed restricts nothing.
 */
final class TradeConditions {
  private static final String LIST = "trade_conditions.csv";

  private final Map<String, String[]> cellsByCode = new HashMap<>();

  TradeConditions() {
    try (InputStream csv = TradeConditions.class.getResourceAsStream(LIST);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(csv, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .skip(1)
          .map(line -> line.split(",", -1))
          .forEach(cells -> cellsByCode.put(cells[0], cells));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + LIST, e);
    }
  }

  boolean movesOpenAndClose(List<String> codes) {
    return all(codes, 2);
  }

  /** What may be open or close lies between low and high. */
  boolean movesHighAndLow(List<String> codes) {
    return all(codes, 3) || movesOpenAndClose(codes);
  }

  boolean movesVolume(List<String> codes) {
    return all(codes, 4);
  }

  /** Whether a code says that the trade took place outside the regular session. */
  boolean isExtended(List<String> codes) {
    return codes.stream()
        .map(cellsByCode::get)
        .anyMatch(cells -> cells != null && cells[5].equals("extended"));
  }

  private boolean all(List<String> codes, int column) {
    for (String code : codes) {
      String[] cells = cellsByCode.get(code);
      if (cells != null && cells[column].equals("no")) {
        return false;
      }
    }
    return true;
  }
}
