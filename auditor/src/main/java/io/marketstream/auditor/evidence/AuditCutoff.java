package io.marketstream.auditor.evidence;

import java.io.Serializable;

/**
 * The moment as of which the tables are judged.
 *
 * @param written how far {@code ticks} and {@code feed_gaps} were written before they were read
 * @param folded how far {@code candles} and {@code latest_ticks} were written before their rows
 *     that may still change were read
 * @param topicEnd epoch ms; the topic was read to an end that it had reached by then
 * @param gapsUntil epoch ms; of losses received before it the gap would be known
 */
public record AuditCutoff(JobProgress written, JobProgress folded, long topicEnd, long gapsUntil)
    implements Serializable {
  /** Of tables and topics that nobody writes any more. */
  public static final AuditCutoff SETTLED =
      new AuditCutoff(
          JobProgress.EVERYTHING, JobProgress.EVERYTHING, Long.MAX_VALUE, Long.MAX_VALUE);
}
