package io.marketstream.auditor.cluster;

import java.util.List;
import java.util.Set;

/** Audits all symbols with the records of their topics in another way than in this process. */
public interface TopicAudit {
  /**
   * Audits every symbol of the plan and every other one that the topics have.
   *
   * @param range what is to be read of the topics
   * @param sources none for all
   */
  List<SymbolReport> audit(AuditPlan plan, TopicRange range, Set<String> sources);
}
