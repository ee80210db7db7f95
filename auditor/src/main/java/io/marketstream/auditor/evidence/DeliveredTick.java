package io.marketstream.auditor.evidence;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * A tick that was written to a socket.
 *
 * @param session what the connector called the connection; null where nothing tells
 */
public record DeliveredTick(SentTick sent, Long session) {

  /** Null where the session is. */
  public TickId id() {
    return session == null ? null : new TickId(session, sent.sequence());
  }

  /** What of another copy of this tick is not as it was sent; empty if all is. */
  public List<String> differences(Tick copy) {
    BigDecimal volume = sent.volume() == null ? null : new BigDecimal(sent.volume());
    // A feed without times of its own has the time of receipt.
    long eventTime = sent.eventTimeMs() == null ? copy.receivedAt() : sent.eventTimeMs();
    String kind = volume == null || volume.signum() == 0 ? Tick.PRICE : Tick.TRADE;
    return TickDifferences.between(
        new Tick(
            copy.id(),
            eventTime,
            copy.receivedAt(),
            kind,
            new BigDecimal(sent.price()),
            volume,
            sent.conditions()),
        copy);
  }

  @Override
  public String toString() {
    return "price "
        + sent.price()
        + " volume "
        + sent.volume()
        + " conditions "
        + sent.conditions()
        + " as number "
        + sent.sequence()
        + " of connection "
        + sent.connection()
        + " (session "
        + (session == null ? "unknown" : session)
        + ") at "
        + Instant.ofEpochMilli(sent.writtenAt());
  }
}
