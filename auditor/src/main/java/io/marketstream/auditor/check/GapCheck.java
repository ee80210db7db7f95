package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.Gap;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.GapRow;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares the rows of {@code feed_gaps} of one symbol with the records of their topic. */
final class GapCheck {
  /** Identifies a gap of one symbol. Its open and its closed record have the same identity. */
  record GapId(long start, long sessionBefore, long firstMissing) {
    static GapId of(Gap gap) {
      return new GapId(gap.start(), gap.sessionBefore(), gap.firstMissing());
    }
  }

  private final SymbolKey key;
  private final Span span;
  private final AuditCutoff cutoff;
  private final Findings findings;

  GapCheck(SymbolKey key, Span span, AuditCutoff cutoff, Findings findings) {
    this.key = key;
    this.span = span;
    this.cutoff = cutoff;
    this.findings = findings;
  }

  /**
   * @param rows rows of this symbol and of others
   * @param known the records; empty if the topic of gaps is not read
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
              && row.writtenAt() < cutoff.topicEnd()
              && isAudited(row.gap())) {
            report(row.gap(), "a row without a record", List.of("feed_gaps: " + row.gap()));
          }
        });
  }

  /**
   * @param found null if there is no row
   */
  private void checkRecords(List<GapRecords.GapRecord> records, @Nullable GapRow found) {
    GapRecords.GapRecord first = records.get(0);
    if (!isAudited(first.gap()) || !cutoff.written().covers(first.position())) {
      return;
    }
    Gap row = found == null ? null : found.gap();
    Gap expected = first.gap();
    boolean isAsExpected = expected.equals(row);
    GapRecords.GapRecord last = first;
    for (GapRecords.GapRecord record : records.subList(1, records.size())) {
      Gap merged = expected.with(record.gap());
      if (cutoff.written().covers(record.position())) {
        expected = merged;
        last = record;
        isAsExpected = merged.equals(row);
      } else {
        isAsExpected |= merged.equals(row); // the job may have written it in the meantime
      }
    }
    if (found == null) {
      report(expected, "there is no row", trace(last, null));
    } else if (!isAsExpected && found.writtenAt() < cutoff.topicEnd()) {
      // A row that was written later may have a record that was not read.
      report(expected, "the row says otherwise", trace(last, row));
    }
  }

  private boolean isAudited(Gap gap) {
    long end = gap.end() == null ? Long.MAX_VALUE : gap.end();
    return end >= span.since() && gap.start() < span.until();
  }

  private static List<String> trace(GapRecords.GapRecord record, @Nullable Gap row) {
    return List.of(
        "topic: " + record.position() + ": " + record.gap(),
        "feed_gaps: " + (row == null ? "not there" : row));
  }

  private void report(Gap gap, String what, List<String> trace) {
    findings.add(FindingKind.WRONG_GAP, 1, gap + ": " + what, () -> trace);
  }
}
