package io.marketstream.auditor.report;

/** What can be wrong. */
public enum FindingKind {
  UNEXPLAINED("neither a row nor explained by a gap or reject"),
  SESSION_WITHOUT_GAP("a new session, and no gap that leads to it"),
  DUPLICATE("more than one row under one number"),
  WRONG_VALUE("not as it was sent"),
  NEVER_SENT("a row that nobody sent"),
  MISPLACED("a row in a partition where no reader looks for it"),
  INCOMPLETE("a row that lacks a column"),
  UNJUSTIFIED_REJECT("rejected by the job, though nothing is wrong with it"),
  UNREADABLE("a record that is no tick, and was not rejected"),
  WRONG_GAP("a gap whose row is not what its record says"),
  WRONG_CANDLE("not as its ticks make it"),
  WRONG_LATEST("not the newest tick");

  private final String meaning;

  FindingKind(String meaning) {
    this.meaning = meaning;
  }

  /** In a few words. */
  public String meaning() {
    return meaning;
  }
}
