package io.marketstream.feed.protocol;

import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import io.marketstream.model.TradeSide;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A part of a frame, before ticks are numbered. */
public sealed interface FeedEvent {

  /**
   * One tick.
   *
   * @param price plain decimal text within {@link WireDecimal}'s bounds
   * @param volume the same; null if the feed sends none
   * @param conditions condition codes in wire order; null if the feed sends none
   * @param eventTime epoch ms; the receive time if the feed sends none
   * @param trade the venue's identity of the trade; null if the feed sends none
   * @param snapshot whether the feed sends it because a subscription has begun. Such a tick can be
   *     old, so it does not count as delayed
   */
  record Tick(
      TickKind kind,
      String symbol,
      String price,
      @Nullable String volume,
      @Nullable List<String> conditions,
      long eventTime,
      @Nullable VenueTrade trade,
      boolean snapshot)
      implements FeedEvent {

    /** A tick that the feed sends when it happens. */
    public Tick(
        TickKind kind,
        String symbol,
        String price,
        @Nullable String volume,
        @Nullable List<String> conditions,
        long eventTime,
        @Nullable VenueTrade trade) {
      this(kind, symbol, price, volume, conditions, eventTime, trade, false);
    }

    /** A tick of a feed without trade ids. */
    public Tick(
        TickKind kind,
        String symbol,
        String price,
        @Nullable String volume,
        @Nullable List<String> conditions,
        long eventTime) {
      this(kind, symbol, price, volume, conditions, eventTime, null);
    }
  }

  /**
   * The venue's identity of a trade.
   *
   * @param id 1, 2, 3 … per symbol, without holes
   * @param side what the taker did
   */
  record VenueTrade(long id, TradeSide side) {}

  /** Input that could not be decoded: a whole frame, or a single entry of a frame. */
  record Rejected(RejectReason reason, String detail, String input) implements FeedEvent {}

  /**
   * The feed refuses a subscription but stays connected. The symbol gets a gap, and the message
   * becomes a reject and a warning.
   *
   * @param symbol the refused symbol as it is configured; null if the feed names none of them
   * @param message the text of the feed
   */
  record Refused(@Nullable String symbol, String message, String input) implements FeedEvent {}

  /**
   * The feed reports another error but stays connected. The message becomes a reject and a warning.
   *
   * @param message the complete text of the feed, which is masked before it is cut
   */
  record FeedError(String message, String input) implements FeedEvent {}

  /** A frame that only shows that the connection is alive. */
  record Heartbeat() implements FeedEvent {}

  /**
   * The venue says which trade of a symbol is its newest one.
   *
   * @param tradeId its id; 0 if the venue does not say
   */
  record NewestTrade(String symbol, long tradeId) implements FeedEvent {}

  /**
   * The answer to a subscribe frame. There is one per frame, in order.
   *
   * @param symbols everything that the connection is subscribed to by then
   */
  record Subscribed(Set<String> symbols) implements FeedEvent {}

  /** A frame of a known kind that the connector ignores by design. */
  record Ignored(String type) implements FeedEvent {}

  /**
   * The feed refuses the credential after the handshake, so the task must fail.
   *
   * @param message the complete text of the feed, which is masked before it is cut
   */
  record Unauthorized(String message) implements FeedEvent {}
}
