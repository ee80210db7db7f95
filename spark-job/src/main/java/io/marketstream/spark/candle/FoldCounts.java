package io.marketstream.spark.candle;

/** Counts the ticks of one symbol in one batch, by what the fold did with them. */
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

  /** Returns the number of ticks that were neither duplicates nor forgotten. */
  public long ticks() {
    return folded;
  }

  /** Returns the number of repeated records, and of trades that were already counted. */
  public long duplicates() {
    return duplicates;
  }

  /** Returns the number of forgotten ticks and of those too late for one of their candles. */
  public long late() {
    return late;
  }

  /** Returns the number of late ticks whose session or trade id is no longer remembered. */
  public long forgotten() {
    return forgotten;
  }

  /** Returns the number of ticks with a condition code that is not in the list. */
  public long unknownConditions() {
    return unknownConditions;
  }
}
