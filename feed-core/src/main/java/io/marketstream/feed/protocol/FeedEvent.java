package io.marketstream.feed.protocol;

import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.util.List;

/** What a frame says, before it is numbered. */
public sealed interface FeedEvent {

  /**
   * One tick.
   *
   * @param price plain decimal text within {@link WireDecimal}'s bounds
   * @param volume the same; null where the wire has none
   * @param conditions condition codes in wire order; null where the wire has none
   * @param eventTime epoch ms; the receive time where the feed sends none
   */
  record Tick(
      TickKind kind,
      String symbol,
      String price,
      String volume,
      List<String> conditions,
      long eventTime)
      implements FeedEvent {}

  /**
   * Input that could not be understood: a whole frame, or one entry of a frame whose siblings
   * could.
   */
  record Rejected(RejectReason reason, String detail, String input) implements FeedEvent {}

  /**
   * The feed refuses a subscription but stays connected: a gap of its symbol, kept as a reject and
   * logged as a warning.
   *
   * @param symbol the symbol refused, as we spell it; null where the feed names none that we asked
   *     for
   * @param message the feed's words
   */
  record Refused(String symbol, String message, String input) implements FeedEvent {}

  /**
   * The feed complains of something else but stays connected: kept as a reject, logged as a
   * warning.
   *
   * @param message the feed's words, whole: they are masked before they are cut
   */
  record Complaint(String message, String input) implements FeedEvent {}

  /** A frame that only says that the connection is alive. */
  record Heartbeat() implements FeedEvent {}

  /** A frame of a kind that is known and of no interest here. */
  record Ignored(String type) implements FeedEvent {}

  /**
   * The feed refuses the credential after the handshake: the task must fail.
   *
   * @param message the feed's words, whole: they are masked before they are cut
   */
  record Unauthorized(String message) implements FeedEvent {}
}
