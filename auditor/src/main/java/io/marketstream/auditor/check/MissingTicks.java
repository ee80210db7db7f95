package io.marketstream.auditor.check;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of one session, without a break, that nothing holds.
 *
 * @param session null where nothing tells what the connector called the connection
 * @param first the first number
 * @param last the last number
 * @param notBefore epoch ms; they were received at or after it
 * @param notAfter epoch ms; they were received at or before it
 */
public record MissingTicks(
    @Nullable Long session, long first, long last, long notBefore, long notAfter) {
  public long count() {
    return last - first + 1;
  }

  MissingTicks from(long number) {
    return new MissingTicks(session, number, last, notBefore, notAfter);
  }

  MissingTicks upTo(long number) {
    return new MissingTicks(session, first, number, notBefore, notAfter);
  }

  /** Whether these numbers follow the other's without a break. */
  boolean follows(MissingTicks other) {
    return session != null && session.equals(other.session) && first == other.last + 1;
  }

  /** Both, where the other follows this. */
  MissingTicks with(MissingTicks other) {
    return new MissingTicks(
        session,
        first,
        other.last,
        Math.min(notBefore, other.notBefore),
        Math.max(notAfter, other.notAfter));
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
