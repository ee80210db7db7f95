package io.marketstream.auditor.report;

import io.marketstream.auditor.evidence.SymbolKey;
import java.io.Serializable;
import java.util.List;

/**
 * One thing that is wrong.
 *
 * @param object what is wrong, among what the symbol has of this kind; the same in every audit
 * @param count of ticks or rows that are concerned, at least 1
 * @param what the description, in one line
 * @param trace through the pipeline, a line a station
 */
public record Finding(
    FindingKind kind, SymbolKey symbol, String object, long count, String what, List<String> trace)
    implements Serializable {
  public Finding {
    trace = List.copyOf(trace);
  }
}
