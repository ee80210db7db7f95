package io.marketstream.auditor;

import java.time.Instant;

/**
 * Numbers of one session, without a break, that nothing holds.
 *
 * @param session null where nothing tells what the connector called the connection
 * @param first the first number
 * @param last the last number
 * @param notBefore epoch ms; they were received at or after it
 * @param notAfter epoch ms; they were received at or before it
 */
record MissingTicks(Long session, long first, long last, long notBefore, long notAfter) {
  long count() {
    return last - first + 1;
  }

  MissingTicks from(long number) {
    return new MissingTicks(session, number, last, notBefore, notAfter);
  }

  MissingTicks upTo(long number) {
    return new MissingTicks(session, first, number, notBefore, notAfter);
  }

  boolean isDuring(long start, long end) {
    return notAfter >= start && notBefore <= end;
  }

  @Override
  public String toString() {
    return (first == last ? "number " + first : "numbers " + first + " to " + last)
        + " of session "
        + (session == null ? "unknown" : session)
        + ", received "
        + (notBefore == notAfter
            ? "about " + Instant.ofEpochMilli(notBefore)
            : "between "
                + Instant.ofEpochMilli(notBefore)
                + " and "
                + Instant.ofEpochMilli(notAfter));
  }
}
