package io.marketstream.api.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;

/** How many ticks arrive in the topics. A market may be closed: no rate is wrong. */
final class TickRate {
  static final String NAME = "ticks";

  private static final double NS_PER_S = 1e9;

  private TickRate() {}

  static Section section(List<String> topics, TopicReader.Ends before, TopicReader.Ends after) {
    long records =
        after.byPartition().entrySet().stream()
            .filter(end -> topics.contains(topic(end.getKey())))
            .mapToLong(end -> end.getValue() - before.byPartition().getOrDefault(end.getKey(), 0L))
            .sum();
    double seconds = (after.at() - before.at()) / NS_PER_S;
    double rate = records / seconds;
    List<String> missing =
        topics.stream()
            .filter(
                each ->
                    after.byPartition().keySet().stream().noneMatch(of -> topic(of).equals(each)))
            .toList();
    return Section.of(
        NAME,
        List.of(),
        List.of(
            Section.Row.of(
                missing.isEmpty() ? "" : "there is no topic " + String.join(", ", missing),
                String.format(
                    Locale.ROOT,
                    "%,.1f per second into %s, over %.1f s",
                    rate,
                    String.join(", ", topics),
                    seconds))),
        JsonNodeFactory.instance
            .objectNode()
            .put("per_second", Math.round(rate * 10) / 10.0)
            .put("records", records)
            .put("seconds", Math.round(seconds * 1000) / 1000.0));
  }

  private static String topic(String partition) {
    return partition.substring(0, partition.lastIndexOf('-'));
  }
}
