package io.marketstream.auditor.cluster;

/** Receives the progress of an audit. Calls come from several threads. */
public interface AuditProgress {
  /** Ignores the progress. */
  AuditProgress NONE = new AuditProgress() {};

  /**
   * The audit waits for the job.
   *
   * @param records how many records it is behind; negative if that is not known
   */
  default void waiting(long records) {}

  /** The tables will be read. */
  default void plan(long symbols, long hours) {}

  /** Records of the topics were read. */
  default void records(long read, long of) {}

  /** One more product was compared with its venue. */
  default void venue(String product, long requests) {}

  /** One more symbol was audited. */
  default void symbolDone(long symbols, long ticks) {}
}
