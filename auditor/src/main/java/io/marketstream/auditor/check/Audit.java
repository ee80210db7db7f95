package io.marketstream.auditor.check;

import io.marketstream.auditor.evidence.AuditCutoff;
import io.marketstream.auditor.evidence.GapRecords;
import io.marketstream.auditor.evidence.GapRow;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.report.AuditCounts;
import io.marketstream.auditor.report.AuditReport;
import io.marketstream.auditor.report.Findings;
import java.util.List;
import java.util.Optional;

/** Audits symbols, one at a time: it compares all evidence of a symbol. Thread-safe. */
public final class Audit {
  private final AuditRules rules;
  private final AuditCutoff cutoff;

  /**
   * @param cutoff the point in time as of which the tables are judged
   */
  public Audit(AuditRules rules, AuditCutoff cutoff) {
    this.rules = rules;
    this.cutoff = cutoff;
  }

  /** Audits one symbol. */
  public AuditReport of(SymbolEvidence evidence) {
    return new SymbolAudit(rules, cutoff, evidence).run();
  }

  /**
   * Audits the gaps that concern every symbol of a source.
   *
   * @param key the source, with {@link SymbolKey#ALL} as its symbol
   */
  public AuditReport ofGaps(SymbolKey key, List<GapRow> rows, GapRecords records) {
    Findings findings = new Findings(key);
    new GapCheck(key, rules.span(), cutoff, findings).check(rows, Optional.of(records));
    return new AuditReport(0, AuditCounts.NONE, findings.all());
  }
}
