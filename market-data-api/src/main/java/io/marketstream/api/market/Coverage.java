package io.marketstream.api.market;

/**
 * How completely a symbol was recorded in a time, such as a day or an hour.
 *
 * @param from epoch ms
 * @param to epoch ms, exclusive
 * @param coveredMs milliseconds in which every tick was recorded
 * @param gapMs milliseconds in gaps
 * @param ticks rows of the table {@code ticks}
 * @param dropped ticks that the connector dropped
 * @param isAudited whether the figures are a verdict of {@code audit --daily}
 */
public record Coverage(
    long from,
    long to,
    long coveredMs,
    long gapMs,
    long ticks,
    long dropped,
    State state,
    boolean isAudited) {

  /** From the best to the worst, then what is not known yet. */
  public enum State {
    /** Every tick of the time is there. */
    COMPLETE,
    /** Ticks may be missing in a part of the time. */
    DEGRADED,
    /** Nothing was recorded, or an audit found ticks missing without a reason. */
    MISSING,
    /** The time is not over, or the source has not been heard since. */
    PENDING
  }

  /**
   * Computes the coverage of a time.
   *
   * @param since epoch ms from which on the symbol is recorded
   * @param until epoch ms until which the source is known to have delivered
   * @param ticks rows of the time
   */
  public static Coverage of(
      long from, long to, long since, long until, GapTimeline gaps, long ticks) {
    long start = Math.min(Math.max(since, from), to);
    long end = Math.min(Math.max(until, start), to);
    long gapMs = gaps.millisInGaps(start, end);
    long coveredMs = end - start - gapMs;
    long dropped = gaps.dropped(from, to);
    return new Coverage(
        from,
        to,
        coveredMs,
        gapMs,
        ticks,
        dropped,
        state(from, to, start, until, coveredMs, gapMs, dropped),
        false);
  }

  private static State state(
      long from, long to, long start, long until, long coveredMs, long gapMs, long dropped) {
    if (until < to) {
      return State.PENDING;
    }
    if (coveredMs == 0) {
      return State.MISSING;
    }
    return gapMs == 0 && dropped == 0 && start == from ? State.COMPLETE : State.DEGRADED;
  }
}
