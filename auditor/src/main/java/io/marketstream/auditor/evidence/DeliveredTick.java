package io.marketstream.auditor.evidence;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tick that was written to a socket, with the session that received it.
 *
 * @param session the connector's session of the connection; null if it is not known
 */
public record DeliveredTick(SentTick sent, @Nullable Long session) {

  /** The identity of the tick; null if the session is not known. */
  public @Nullable TickId id() {
    return session == null ? null : new TickId(session, sent.sequence());
  }

  /** Lists the fields in which a stored copy differs from what was sent. */
  public List<String> differences(Tick copy) {
    BigDecimal volume = sent.volume() == null ? null : new BigDecimal(sent.volume());
    // A feed without event times gets the time of receipt.
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
            sent.conditions() == null ? List.of() : sent.conditions(),
            copy.tradeId(),
            copy.side(),
            copy.origin()),
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
