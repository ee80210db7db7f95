package io.marketstream.auditor;

/** Holds all that is known of a symbol against each other. */
public final class Audit {
  private final AuditRules rules;

  public Audit(AuditRules rules) {
    this.rules = rules;
  }

  /** What is found of one symbol. */
  public AuditReport of(SymbolEvidence evidence) {
    Findings findings = new Findings(evidence.key());
    CopiesByNumber copies = new CopiesByNumber(evidence);
    AuditCounts ticks = new TickAccount(evidence, copies, rules.span(), findings).balance();
    new CopyCheck(evidence, copies, rules.span(), findings).check();
    FoldedTicks folded = FoldedTicks.of(evidence, copies);
    AuditCounts candles = new CandleCheck(rules, findings).check(folded, evidence.candles());
    new LatestCheck(copies, rules.span(), findings).check(folded, evidence.latest());
    AuditCounts counts = ticks.plus(candles);
    boolean audited = !counts.equals(AuditCounts.NONE) || !findings.all().isEmpty();
    return new AuditReport(audited ? 1 : 0, counts, findings.all());
  }
}
