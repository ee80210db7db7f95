package io.marketstream.auditor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Whether the copies of a tick are one and the same, and one in the table. */
final class CopyCheck {
  private final SymbolEvidence evidence;
  private final CopiesByNumber copies;
  private final Span span;
  private final Findings findings;

  CopyCheck(SymbolEvidence evidence, CopiesByNumber copies, Span span, Findings findings) {
    this.evidence = evidence;
    this.copies = copies;
    this.span = span;
    this.findings = findings;
  }

  void check() {
    for (TickId id : copies.topicNumbers()) {
      checkTopic(id);
    }
    for (TickId id : copies.storedNumbers()) {
      if (copies.rows(id).stream().anyMatch(row -> span.contains(row.eventTime()))) {
        checkRows(id);
      }
    }
  }

  /**
   * A producer that retries writes a record twice; two ticks under one number are another thing.
   */
  private void checkTopic(TickId id) {
    Tick first = copies.inTopic(id).get(0).tick();
    Set<String> differences = new LinkedHashSet<>();
    copies.inTopic(id).stream()
        .skip(1)
        .forEach(copy -> differences.addAll(TickDifferences.between(first, copy.tick())));
    DeliveredTick sent = copies.delivered(id);
    if (sent != null && copies.rows(id).isEmpty()) {
      differences.addAll(sent.differences(first));
    }
    if (!differences.isEmpty() && span.contains(first.eventTime())) {
      findings.add(
          FindingKind.WRONG_VALUE,
          1,
          "tick " + id + " in the topic: " + String.join(", ", differences),
          () -> copies.way(id));
    }
  }

  private void checkRows(TickId id) {
    List<Tick> rows = copies.rows(id);
    if (rows.size() > 1) {
      findings.add(
          FindingKind.DUPLICATE,
          rows.size() - 1L,
          "tick " + id + " has " + rows.size() + " rows",
          () -> copies.way(id));
    }
    if (isNeverSent(id)) {
      findings.add(FindingKind.NEVER_SENT, 1, "tick " + id, () -> copies.way(id));
      return;
    }
    List<String> differences = null;
    for (Tick row : rows) {
      List<String> ofRow = differences(id, row);
      differences = differences == null || ofRow.isEmpty() ? ofRow : differences;
    }
    if (!differences.isEmpty()) {
      findings.add(
          FindingKind.WRONG_VALUE,
          1,
          "tick " + id + ": " + String.join(", ", differences),
          () -> copies.way(id));
    }
  }

  private List<String> differences(TickId id, Tick row) {
    Set<String> differences = new LinkedHashSet<>();
    if (copies.delivered(id) != null) {
      differences.addAll(copies.delivered(id).differences(row));
    }
    if (!copies.inTopic(id).isEmpty()) {
      differences.addAll(TickDifferences.between(copies.inTopic(id).get(0).tick(), row));
    }
    return new ArrayList<>(differences);
  }

  private boolean isNeverSent(TickId id) {
    boolean unknownToSockets = evidence.delivered().isPresent() && copies.delivered(id) == null;
    boolean unknownToTopic =
        evidence.topic().isPresent()
            && copies.inTopic(id).isEmpty()
            && copies.rows(id).get(0).receivedAt() >= evidence.topic().get().from();
    return unknownToSockets || unknownToTopic;
  }
}
