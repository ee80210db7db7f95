package io.marketstream.auditor.cluster;

/** Is told what an audit does. Calls come from several threads. */
public interface AuditProgress {
  /** Nobody listens. */
  AuditProgress NONE = new AuditProgress() {};

  /**
   * The audit waits for the job.
   *
   * @param records how many it is behind; negative if nobody knows
   */
  default void waiting(long records) {}

  /** Before the tables are read. */
  default void plan(long symbols, long hours) {}

  /** So many records of the topics were read. */
  default void records(long read, long of) {}

  /** One more symbol was audited, with so many ticks. */
  default void symbolDone(long symbols, long ticks) {}
}
