package io.marketstream.auditor;

import java.util.List;
import java.util.Optional;

/** Whether the newest tick is the newest. */
final class LatestCheck {
  private final CopiesByNumber copies;
  private final Span span;
  private final Findings findings;

  LatestCheck(CopiesByNumber copies, Span span, Findings findings) {
    this.copies = copies;
    this.span = span;
    this.findings = findings;
  }

  /**
   * @param folded what the job folded
   * @param latest the row of {@code latest_ticks}
   */
  void check(FoldedTicks folded, Optional<Tick> latest) {
    Optional<Tick> newest = folded.ticks().stream().max(Tick.BY_TIME).map(Tick::asLatest);
    if (newest.isEmpty()) {
      latest.filter(row -> span.contains(row.eventTime())).ifPresent(this::checkAlone);
      return;
    }
    if (!span.isUpToNow() || !span.contains(newest.get().eventTime())) {
      return; // what is not read may be newer
    }
    if (latest.isEmpty()) {
      tell("there is no row", newest.get(), "none");
      return;
    }
    Tick found = latest.get().asLatest();
    if (!found.id().equals(newest.get().id())) {
      tell("the row is tick " + found.id(), newest.get(), found);
    } else if (!TickDifferences.between(newest.get(), found).isEmpty()) {
      tell(String.join(", ", TickDifferences.between(newest.get(), found)), newest.get(), found);
    }
  }

  /** No other tick is known: this one at least must be a row. */
  private void checkAlone(Tick latest) {
    if (copies.rows(latest.id()).isEmpty()) {
      tell("there is no such tick", latest, latest);
    }
  }

  private void tell(String what, Tick newest, Object found) {
    // By the row: while the symbol ticks on, the newest is another one in each look.
    findings.add(
        FindingKind.WRONG_LATEST,
        "latest_ticks: " + found,
        1,
        "newest is tick " + newest.id() + ": " + what,
        () -> {
          List<String> way = new java.util.ArrayList<>(copies.way(newest.id()));
          way.add("latest_ticks: " + found);
          return way;
        });
  }
}
