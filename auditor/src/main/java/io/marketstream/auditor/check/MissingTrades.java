package io.marketstream.auditor.check;

import java.time.Instant;

/**
 * Consecutive trade ids that no tick has.
 *
 * @param first the first id
 * @param last the last id
 * @param notBefore epoch ms; the trades came at or after it
 * @param notAfter epoch ms; the trades came at or before it
 */
record MissingTrades(long first, long last, long notBefore, long notAfter) {
  MissingTrades {
    long earlier = Math.min(notBefore, notAfter);
    notAfter = Math.max(notBefore, notAfter);
    notBefore = earlier;
  }

  long count() {
    return last - first + 1;
  }

  MissingTrades from(long id) {
    return new MissingTrades(id, last, notBefore, notAfter);
  }

  MissingTrades upTo(long id) {
    return new MissingTrades(first, id, notBefore, notAfter);
  }

  boolean isDuring(long start, long end) {
    return notAfter >= start && notBefore <= end;
  }

  @Override
  public String toString() {
    return (first == last ? "trade id " + first : "trade ids " + first + " to " + last)
        + ", between "
        + Instant.ofEpochMilli(notBefore)
        + " and "
        + Instant.ofEpochMilli(notAfter);
  }
}
