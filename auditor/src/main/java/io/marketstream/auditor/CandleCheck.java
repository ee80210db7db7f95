package io.marketstream.auditor;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether the candles are what the ticks make. */
final class CandleCheck {
  private final CandleRecomputation recomputation = new CandleRecomputation();
  private final AuditRules rules;
  private final Findings findings;
  private long checked;
  private long notChecked;

  CandleCheck(AuditRules rules, Findings findings) {
    this.rules = rules;
    this.findings = findings;
  }

  /**
   * @param folded what the job folded
   * @param candles rows of the table
   */
  AuditCounts check(FoldedTicks folded, List<Candle> candles) {
    if (rules.intervals().isEmpty()) {
      tellThatNoneIsKept(folded.ticks());
    }
    CandleTicks ticks = CandleTicks.of(folded.ticks(), rules.intervals(), rules.latenessMs());
    Map<CandleId, Candle> rows = rows(candles);
    Set<CandleId> all = new HashSet<>(rows.keySet());
    all.addAll(ticks.ofCandle().keySet());
    all.stream()
        .filter(id -> rules.span().containsAll(id) && id.openTime() >= folded.from())
        .sorted((a, b) -> Long.compare(a.openTime(), b.openTime()))
        .forEach(
            id -> {
              if (!folded.inTopicOrder() && ticks.withLateTicks().contains(id)) {
                notChecked++;
              } else {
                checked++;
                compare(id, ticks.ofCandle().get(id), rows.get(id), folded.inTopicOrder());
              }
            });
    return new AuditCounts(0, 0, 0, 0, checked, notChecked);
  }

  private void tellThatNoneIsKept(List<Tick> ticks) {
    List<Tick> audited =
        ticks.stream().filter(tick -> rules.span().contains(tick.eventTime())).toList();
    if (!audited.isEmpty()) {
      findings.add(
          FindingKind.WRONG_CANDLE,
          1,
          "there is no candle of any interval, but there are ticks",
          () ->
              List.of(
                  "the first of " + audited.size() + ": " + audited.get(0),
                  "the last of them: " + audited.get(audited.size() - 1)));
    }
  }

  private Map<CandleId, Candle> rows(List<Candle> candles) {
    Map<String, CandleInterval> intervals =
        rules.intervals().stream()
            .collect(Collectors.toMap(CandleInterval::name, Function.identity()));
    Map<CandleId, Candle> rows = new LinkedHashMap<>();
    for (Candle candle : candles) {
      CandleInterval interval = intervals.get(candle.interval());
      if (interval != null) {
        rows.put(new CandleId(interval, candle.openTime()), candle);
      }
    }
    return rows;
  }

  private void compare(CandleId id, List<Tick> ticks, Candle found, boolean exactly) {
    if (ticks == null) {
      tell(id, "there is a row, but no tick of it", List.of("candles: " + found));
      return;
    }
    Candle expected = recomputation.candle(id, ticks);
    if (found == null) {
      tell(id, "there is no row", List.of("recomputed: " + expected));
      return;
    }
    List<String> differences = expected.differences(found, exactly);
    if (!differences.isEmpty()) {
      tell(
          id,
          String.join(", ", differences),
          List.of(
              "candles: " + found,
              "recomputed from " + ticks.size() + " ticks: " + expected,
              "the first of them: " + ticks.get(0),
              "the last of them: " + ticks.get(ticks.size() - 1)));
    }
  }

  private void tell(CandleId id, String what, List<String> way) {
    findings.add(FindingKind.WRONG_CANDLE, 1, id + ": " + what, () -> way);
  }
}
