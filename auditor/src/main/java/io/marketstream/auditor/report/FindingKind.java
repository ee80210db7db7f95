package io.marketstream.auditor.report;

/** The kinds of findings. */
public enum FindingKind {
  UNEXPLAINED("neither a row nor explained by a gap or reject"),
  MISSING_TRADE("a trade id that no tick has, and no gap explains"),
  REPEATED_TRADE("a trade id in two live ticks, without a restart between them"),
  VENUE_MISSING_HERE("a trade of the venue that no tick has, and no gap explains"),
  VENUE_UNKNOWN_TRADE("a tick whose trade id the venue does not have"),
  VENUE_DIFFERENT_TRADE("not as the venue has it"),
  SESSION_WITHOUT_GAP("a new session, and no gap that leads to it"),
  DUPLICATE("more than one row under one number"),
  WRONG_VALUE("not as it was sent"),
  NEVER_SENT("a row without a record in the topic or in the journal"),
  MISPLACED("a row in a partition where no reader looks for it"),
  INCOMPLETE("a row that lacks a column"),
  UNJUSTIFIED_REJECT("rejected by the job, though nothing is wrong with it"),
  UNREADABLE("a record that is not a tick, and was not rejected"),
  WRONG_GAP("a gap whose row is not what its record says"),
  WRONG_CANDLE("not the result of its ticks"),
  WRONG_LATEST("not the newest tick");

  private final String meaning;

  FindingKind(String meaning) {
    this.meaning = meaning;
  }

  /** A short description for the report. */
  public String meaning() {
    return meaning;
  }
}
