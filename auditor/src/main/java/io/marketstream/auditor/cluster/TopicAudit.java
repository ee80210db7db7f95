package io.marketstream.auditor.cluster;

import java.util.List;
import java.util.Set;

/** Another engine that audits all symbols with the records of their topics, for example Spark. */
public interface TopicAudit {
  /**
   * Audits every symbol of the plan, and every other symbol in the topics.
   *
   * @param range the part of the topics to read
   * @param sources the sources; empty for all
   */
  List<SymbolReport> audit(AuditPlan plan, TopicRange range, Set<String> sources);
}
