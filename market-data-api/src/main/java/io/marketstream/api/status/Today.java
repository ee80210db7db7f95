package io.marketstream.api.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.marketstream.api.market.Coverage;
import io.marketstream.api.market.Instrument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How completely the symbols of each source are recorded today (UTC), as far as the day has come.
 */
final class Today {
  static final String NAME = "today";

  /** Below this percentage, something is wrong. */
  static final double MIN_PERCENT = 99;

  private static final int PERCENT = 100;
  private static final double ROUNDING = 1_000.0;

  private Today() {}

  /** The coverage of a symbol. */
  record OfSymbol(Instrument instrument, Coverage coverage) {
    /** Of the time since the first connection. Without such a time, nothing is missing. */
    double percent() {
      long all = coverage.coveredMs() + coverage.gapMs();
      return all == 0 ? PERCENT : PERCENT * (double) coverage.coveredMs() / all;
    }
  }

  static Section section(List<OfSymbol> symbols) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    if (symbols.isEmpty()) {
      return Section.of(
          NAME, List.of(), List.of(Section.Row.of("", "no symbol is in the tables yet")), json);
    }
    List<Section.Row> rows = new ArrayList<>();
    Map<String, List<OfSymbol>> bySource =
        symbols.stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.instrument().source(), TreeMap::new, Collectors.toList()));
    bySource.forEach(
        (source, its) -> {
          long covered = its.stream().mapToLong(each -> each.coverage().coveredMs()).sum();
          long gaps = its.stream().mapToLong(each -> each.coverage().gapMs()).sum();
          long dropped = its.stream().mapToLong(each -> each.coverage().dropped()).sum();
          double percent =
              covered + gaps == 0 ? PERCENT : PERCENT * (double) covered / (covered + gaps);
          OfSymbol worst =
              its.stream().min(Comparator.comparingDouble(OfSymbol::percent)).orElseThrow();
          rows.add(
              Section.Row.of(
                  percent < MIN_PERCENT ? source + ": " + text(percent) + " complete" : "",
                  source,
                  text(percent),
                  Words.number(its.size()),
                  worst.instrument().symbol() + " " + text(worst.percent()),
                  Words.number(dropped)));
          json.addObject()
              .put("source", source)
              .put("percent", rounded(percent))
              .put("symbols", its.size())
              .put("covered_ms", covered)
              .put("gap_ms", gaps)
              .put("dropped", dropped)
              .put("worst_symbol", worst.instrument().symbol())
              .put("worst_percent", rounded(worst.percent()));
        });
    return Section.of(
        NAME, List.of("source", "complete", "symbols", "worst symbol", "dropped"), rows, json);
  }

  /** Never rounded up to a hundred. */
  private static double rounded(double percent) {
    return Math.floor(percent * ROUNDING) / ROUNDING;
  }

  private static String text(double percent) {
    return String.format(Locale.ROOT, "%.3f %%", rounded(percent));
  }
}
