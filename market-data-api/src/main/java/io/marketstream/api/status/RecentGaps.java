package io.marketstream.api.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.api.market.Gap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The gaps of the last hour, by source. */
final class RecentGaps {
  static final String NAME = "gaps";
  static final Duration SPAN = Duration.ofHours(1);

  private RecentGaps() {}

  /**
   * Sums up gaps.
   *
   * @param found gaps that overlap the last hour, each once. One in which nothing is missing does
   *     not count
   * @param now epoch ms
   */
  static Section section(List<Gap> found, long now) {
    List<Gap> gaps = found.stream().filter(gap -> !gap.isRepaired()).toList();
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    if (gaps.isEmpty()) {
      return Section.of(
          NAME, List.of(), List.of(Section.Row.of("", "none in the last hour")), json);
    }
    List<Section.Row> rows = new ArrayList<>();
    gaps.stream()
        .collect(Collectors.groupingBy(Gap::source, TreeMap::new, Collectors.toList()))
        .forEach((source, its) -> rows.add(row(source, its, now, json.addObject())));
    return Section.of(
        NAME,
        List.of("source", "last hour", "open", "symbols", "longest", "dropped", "causes"),
        rows,
        json);
  }

  private static Section.Row row(String source, List<Gap> gaps, long now, ObjectNode json) {
    long open = gaps.stream().filter(gap -> gap.end() == null).count();
    long symbols = gaps.stream().map(Gap::symbol).distinct().count();
    long longest = gaps.stream().mapToLong(gap -> length(gap, now)).max().orElse(0);
    long dropped =
        gaps.stream().map(Gap::dropped).mapToLong(count -> count == null ? 0 : count).sum();
    Map<String, Long> causes =
        gaps.stream()
            .collect(Collectors.groupingBy(Gap::cause, TreeMap::new, Collectors.counting()));
    json.put("source", source)
        .put("gaps", gaps.size())
        .put("open", open)
        .put("symbols", symbols)
        .put("longest_ms", longest)
        .put("dropped", dropped);
    ObjectNode byCause = json.putObject("causes");
    causes.forEach(byCause::put);
    return Section.Row.of(
        source
            + ": "
            + Words.count(gaps.size(), "gap", "gaps")
            + " in the last hour"
            + (open == 0 ? "" : ", " + open + " of them open"),
        source,
        Words.number(gaps.size()),
        Words.number(open),
        Words.number(symbols),
        Words.duration(longest),
        Words.number(dropped),
        causes.entrySet().stream()
            .map(cause -> cause.getValue() + " " + cause.getKey())
            .collect(Collectors.joining(", ")));
  }

  private static long length(Gap gap, long now) {
    Long end = gap.end();
    return Math.max(0, (end == null ? now : end) - gap.start());
  }
}
