package io.marketstream.benchmarks.contender;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A command line of {@code --name value} pairs, without a library: Spark's classpath is enough. */
final class Options {
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Reads the pairs.
   *
   * @param known every option of the command, with its default; null for one that is required
   * @throws IllegalArgumentException if an option is unknown, has no value, or is required and
   *     missing
   */
  Options(String[] args, Map<String, String> known) {
    values.putAll(known);
    for (int i = 0; i < args.length; i += 2) {
      if (!known.containsKey(args[i])) {
        throw new IllegalArgumentException(
            args[i] + " is not an option. The options are " + names(known.keySet()));
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      }
      values.put(args[i], args[i + 1]);
    }
    values.forEach(
        (name, value) -> {
          if (value == null) {
            throw new IllegalArgumentException(name + " is required");
          }
        });
  }

  String text(String name) {
    return values.get(name);
  }

  /**
   * A whole number above 0.
   *
   * @throws IllegalArgumentException if it is something else
   */
  long number(String name) {
    String text = values.get(name);
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) == 0) {
      throw new IllegalArgumentException(name + " must be a number above 0, and is " + text);
    }
    return Long.parseLong(text);
  }

  private static String names(Set<String> names) {
    return String.join(", ", new TreeSet<>(names));
  }
}
