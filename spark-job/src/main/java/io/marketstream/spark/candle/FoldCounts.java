package io.marketstream.spark.candle;

/** What one batch of a symbol came to. */
public final class FoldCounts {
  private long folded;
  private long duplicates;
  private long late;
  private long forgotten;
  private long unknownConditions;

  void countFolded() {
    folded++;
  }

  void countDuplicate() {
    duplicates++;
  }

  void countLate() {
    late++;
  }

  void countForgotten() {
    late++;
    forgotten++;
  }

  void countUnknownCondition() {
    unknownConditions++;
  }

  /** Ticks that were neither duplicates nor of a forgotten session. */
  public long ticks() {
    return folded;
  }

  /** Ticks that stood in the topic before. */
  public long duplicates() {
    return duplicates;
  }

  /** Ticks of a forgotten session, or too late for at least one of their candles. */
  public long late() {
    return late;
  }

  /** Those of the late ticks that are of a forgotten session. */
  public long forgotten() {
    return forgotten;
  }

  /** Ticks with a condition code that is not listed. */
  public long unknownConditions() {
    return unknownConditions;
  }
}
