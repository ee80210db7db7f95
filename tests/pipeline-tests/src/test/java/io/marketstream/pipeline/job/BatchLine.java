package io.marketstream.pipeline.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One batch as the job's log tells of it: {@code batch id=6 read=…}. */
record BatchLine(Map<String, String> fields) {

  private static final String START = ": batch id=";

  /** The batch that a line of the log tells of, if it does. */
  static Optional<BatchLine> in(String line) {
    int start = line.indexOf(START);
    if (start < 0) {
      return Optional.empty();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : line.substring(start + ": batch ".length()).split(" ")) {
      int equals = field.indexOf('=');
      fields.put(field.substring(0, equals), field.substring(equals + 1));
    }
    return Optional.of(new BatchLine(fields));
  }

  long count(String name) {
    return Long.parseLong(fields.get(name));
  }
}
