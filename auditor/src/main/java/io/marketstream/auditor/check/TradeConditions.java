package io.marketstream.auditor.check;

import io.marketstream.model.TradeConditionList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides by the condition codes of a tick which values of a candle it may change. All codes must
 * allow it. A code that is not listed allows everything.
 */
final class TradeConditions {
  private final Map<String, String[]> cellsByCode = new HashMap<>();

  TradeConditions() {
    try (BufferedReader lines = TradeConditionList.open()) {
      lines
          .lines()
          .skip(1)
          .map(line -> line.split(",", -1))
          .forEach(cells -> cellsByCode.put(cells[0], cells));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the trade conditions", e);
    }
  }

  boolean movesOpenAndClose(List<String> codes) {
    return all(codes, 2);
  }

  /** A price that may be open or close also moves high and low. */
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
