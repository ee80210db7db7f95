package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the rows of {@code feed_gaps} of one symbol with the records of their topic. */
final class GapCheck {
  /** What tells one gap of a symbol from another: its open and its closed record share it. */
  record GapId(long start, long sessionBefore, long firstMissing) {
    static GapId of(Gap gap) {
      return new GapId(gap.start(), gap.sessionBefore(), gap.firstMissing());
    }
  }

  private final SymbolKey key;
  private final Span span;
  private final Moment moment;
  private final Findings findings;

  GapCheck(SymbolKey key, Span span, Moment moment, Findings findings) {
    this.key = key;
    this.span = span;
    this.moment = moment;
    this.findings = findings;
  }

  /**
   * @param rows of the symbol and of others
   * @param known empty where the topic of gaps is not read
   */
  void check(List<GapRow> rows, Optional<GapRecords> known) {
    if (known.isEmpty()) {
      return;
    }
    Map<GapId, GapRow> rowsById = new LinkedHashMap<>();
    rows.stream()
        .filter(row -> row.gap().symbol().equals(key.symbol()))
        .forEach(row -> rowsById.put(GapId.of(row.gap()), row));
    Map<GapId, List<GapRecords.GapRecord>> recordsById = new LinkedHashMap<>();
    known
        .get()
        .records()
        .forEach(
            record ->
                recordsById
                    .computeIfAbsent(GapId.of(record.gap()), unseen -> new ArrayList<>())
                    .add(record));
    recordsById.forEach((id, records) -> checkRecords(records, rowsById.get(id)));
    rowsById.forEach(
        (id, row) -> {
          if (!recordsById.containsKey(id)
              && row.gap().start() >= known.get().from()
              && row.writtenAt() < moment.topicEnd()
              && isAudited(row.gap())) {
            tell(row.gap(), "a row without a record", List.of("feed_gaps: " + row.gap()));
          }
        });
  }

  /**
   * @param found null if there is no row
   */
  private void checkRecords(List<GapRecords.GapRecord> records, GapRow found) {
    GapRecords.GapRecord first = records.get(0);
    if (!isAudited(first.gap()) || !moment.written().covers(first.place())) {
      return;
    }
    Gap row = found == null ? null : found.gap();
    Gap expected = null;
    boolean isAsExpected = false;
    GapRecords.GapRecord last = first;
    for (GapRecords.GapRecord record : records) {
      Gap merged = expected == null ? record.gap() : merge(expected, record.gap());
      if (moment.written().covers(record.place())) {
        expected = merged;
        last = record;
        isAsExpected = merged.equals(row);
      } else {
        isAsExpected |= merged.equals(row); // it may have been written meanwhile
      }
    }
    if (row == null) {
      tell(expected, "there is no row", way(last, null));
    } else if (!isAsExpected && found.writtenAt() < moment.topicEnd()) {
      // What was written later may have a record that was not read any more.
      tell(expected, "the row says otherwise", way(last, row));
    }
  }

  /** Each record writes the columns that it has. */
  private static Gap merge(Gap first, Gap second) {
    return new Gap(
        first.symbol(),
        second.cause(),
        first.start(),
        second.end() == null ? first.end() : second.end(),
        first.sessionBefore(),
        second.sessionAfter() == null ? first.sessionAfter() : second.sessionAfter(),
        first.firstMissing(),
        second.dropped() == null ? first.dropped() : second.dropped());
  }

  private boolean isAudited(Gap gap) {
    long end = gap.end() == null ? Long.MAX_VALUE : gap.end();
    return end >= span.since() && gap.start() < span.until();
  }

  private static List<String> way(GapRecords.GapRecord record, Gap row) {
    return List.of(
        "topic: " + record.place() + ": " + record.gap(),
        "feed_gaps: " + (row == null ? "not there" : row));
  }

  private void tell(Gap gap, String what, List<String> way) {
    findings.add(FindingKind.WRONG_GAP, 1, gap + ": " + what, () -> way);
  }
}
