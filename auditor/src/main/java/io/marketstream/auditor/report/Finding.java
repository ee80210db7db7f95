package io.marketstream.auditor.report;

import io.marketstream.auditor.evidence.SymbolKey;
import java.io.Serializable;
import java.util.List;

/**
 * One thing that is wrong.
 *
 * @param object identifies the finding among those of its symbol and kind; the same in every audit
 * @param count the number of ticks or rows concerned, at least 1
 * @param what the description, in one line
 * @param trace the path through the pipeline, one line per stage: socket, topic, table
 */
public record Finding(
    FindingKind kind, SymbolKey symbol, String object, long count, String what, List<String> trace)
    implements Serializable {
  public Finding {
    trace = List.copyOf(trace);
  }
}
