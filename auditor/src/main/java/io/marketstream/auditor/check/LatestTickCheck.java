package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.ChangingRows;
import io.marketstream.auditor.evidence.Span;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TickDifferences;
import io.marketstream.auditor.report.FindingKind;
import io.marketstream.auditor.report.Findings;
import io.marketstream.model.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the row of {@code latest_ticks} with the newest tick of the symbol. While ticks arrive,
 * it must be the newest tick at some time between two ticks: the last one that the job certainly
 * had, and the last one that is known.
 *
 * <p>Not thread-safe.
 */
final class LatestTickCheck {
  private final ChangingRows openRows;
  private final Optional<Tick> row;
  private final Span span;
  private final Findings findings;
  private @Nullable Tick newest; // null before the first tick
  private boolean mayBeMissing;
  private boolean isMatched;
  private boolean isSkipped;

  LatestTickCheck(SymbolEvidence evidence, Span span, Findings findings) {
    this.openRows = evidence.openRows();
    this.row = openRows.latest().map(Tick::asLatest);
    this.span = span;
    this.findings = findings;
  }

  /** As {@link CandleCheck#fold}. */
  void fold(Tick tick, boolean surelyFolded) {
    if (surelyFolded) {
      mayBeMissing = false;
      isMatched = false;
    } else if (!mayBeMissing) {
      mayBeMissing = true;
      isMatched = isAsRow();
    }
    if (newest == null || Tick.BY_TIME.compare(tick, newest) >= 0) {
      newest = tick;
      isMatched |= mayBeMissing && isAsRow();
    }
  }

  /**
   * Adds another tick of the newest trade. Without the topic it is not known which of the two the
   * job read first.
   */
  void addCopy(Tick tick) {
    if (newest != null
        && newest.tradeNumber() == tick.tradeNumber()
        && row.filter(latest -> latest.id().equals(tick.id())).isPresent()) {
      newest = tick;
      isMatched |= mayBeMissing && isAsRow();
    }
  }

  /** Skips the check, because the order in which the job read the ticks is not known. */
  void skipAll() {
    isSkipped = true;
  }

  /**
   * @param isStored whether the table of ticks has the tick of the row; matters only if no tick was
   *     added
   */
  void finish(boolean isStored) {
    if (newest == null) {
      row.filter(latest -> openRows.areComparable() && !isSkipped)
          .filter(latest -> span.contains(latest.eventTime()) && !isStored)
          .ifPresent(latest -> report("there is no such tick", latest));
      return;
    }
    if (isSkipped || !span.isUpToNow() || !span.contains(newest.eventTime())) {
      return; // a tick that was not read may be newer
    }
    if (mayBeMissing && (isMatched || !openRows.areComparable())) {
      return;
    }
    if (row.isEmpty()) {
      report("there is no row", newest);
    } else if (!row.get().id().equals(newest.id())) {
      report("the row is tick " + row.get().id(), newest);
    } else if (!isAsRow()) {
      report(String.join(", ", TickDifferences.between(newest.asLatest(), row.get())), newest);
    }
  }

  private boolean isAsRow() {
    if (newest == null || row.isEmpty()) {
      return newest == null && row.isEmpty();
    }
    return row.get().id().equals(newest.id())
        && TickDifferences.between(newest.asLatest(), row.get()).isEmpty();
  }

  private void report(String what, Tick newestTick) {
    findings.add(
        FindingKind.WRONG_LATEST,
        Tables.LATEST_TICKS,
        1,
        "newest is tick " + newestTick.id() + ": " + what,
        () -> {
          List<String> trace = new ArrayList<>();
          trace.add("newest: " + newestTick);
          trace.add("latest_ticks: " + row.map(Tick::toString).orElse("no row"));
          return trace;
        });
  }
}
