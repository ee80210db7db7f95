package io.marketstream.pipeline.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A batch that the job has logged: {@code batch id=6 read=…}. */
record LoggedBatch(Map<String, String> fields) {

  private static final String START = ": batch id=";

  /** Returns the batch of a line of the log; empty if the line is about something else. */
  static Optional<LoggedBatch> in(String line) {
    int start = line.indexOf(START);
    if (start < 0) {
      return Optional.empty();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : line.substring(start + ": batch ".length()).split(" ", -1)) {
      int equals = field.indexOf('=');
      fields.put(field.substring(0, equals), field.substring(equals + 1));
    }
    return Optional.of(new LoggedBatch(fields));
  }

  long count(String name) {
    return Long.parseLong(fields.get(name));
  }
}
