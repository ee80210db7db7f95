package io.marketstream.api.export;

import io.marketstream.api.market.Instrument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the symbols that an export names among those that there are. */
final class ExportSymbols {
  private final Collection<Instrument> known;
  private final Optional<String> source;

  ExportSymbols(Collection<Instrument> known, Optional<String> source) {
    this.known =
        known.stream()
            .filter(each -> source.isEmpty() || source.get().equals(each.source()))
            .sorted()
            .toList();
    this.source = source;
  }

  /**
   * The instruments, each once, in the order of their names.
   *
   * @param names each a symbol, a source and a symbol ({@code finnhub:AAPL}), or several of these
   *     with commas between them. A symbol that has a comma or a colon itself comes first.
   * @throws ExportFailedException if a symbol is unknown, or several sources have it
   */
  List<Instrument> find(List<String> names) {
    Set<Instrument> found = new LinkedHashSet<>();
    for (String name : names) {
      if (!matches(name).isEmpty()) {
        found.add(single(name));
      } else {
        for (String part : name.split(",", -1)) {
          found.add(single(part.strip()));
        }
      }
    }
    return List.copyOf(found);
  }

  private Instrument single(String name) {
    List<Instrument> matches = matches(name);
    if (matches.isEmpty()) {
      throw ExportFailedException.refused(
          "there is no symbol '"
              + name
              + "'"
              + source.map(each -> " of the source " + each).orElse("")
              + (known.isEmpty()
                  ? ", and no other one"
                  : ". There are "
                      + known.stream().limit(10).map(Instrument::toString).collect(joined())
                      + (known.size() > 10 ? " and others" : "")));
    }
    if (matches.size() > 1) {
      throw ExportFailedException.refused(
          "several sources have the symbol '"
              + name
              + "'. Write "
              + matches.stream().map(Instrument::toString).collect(Collectors.joining(" or "))
              + ", or --source");
    }
    return matches.get(0);
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(", ");
  }

  private List<Instrument> matches(String name) {
    List<Instrument> matches = new ArrayList<>();
    for (Instrument each : known) {
      if (each.toString().equals(name)) {
        return List.of(each);
      }
      if (each.symbol().equals(name)) {
        matches.add(each);
      }
    }
    return matches;
  }
}
