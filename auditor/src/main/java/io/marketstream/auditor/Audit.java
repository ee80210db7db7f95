package io.marketstream.auditor;

import java.util.List;
import java.util.Optional;

/** Holds all that is known of a symbol against each other. Thread-safe. */
public final class Audit {
  private final AuditRules rules;
  private final Moment moment;

  /**
   * @param moment as of which the tables are judged
   */
  public Audit(AuditRules rules, Moment moment) {
    this.rules = rules;
    this.moment = moment;
  }

  /** What is found of one symbol. */
  public AuditReport of(SymbolEvidence evidence) {
    return new SymbolAudit(rules, moment, evidence).run();
  }

  /**
   * The gaps of every symbol of a source.
   *
   * @param key of {@link SymbolKey#ALL}
   */
  public AuditReport ofGaps(SymbolKey key, List<GapRow> rows, GapRecords records) {
    Findings findings = new Findings(key);
    new GapCheck(key, rules.span(), moment, findings).check(rows, Optional.of(records));
    return new AuditReport(0, AuditCounts.NONE, findings.all());
  }
}
