package io.marketstream.feed.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of a feed: its URL, its subscriptions and its frames. Pure: no I/O, no clock, and no
 * state that changes a result, so tests need only strings. A {@link TextCache} is allowed, because
 * it changes no result. Called on the socket thread and on the session's thread.
 */
public interface FeedProtocol {

  /** The websocket URL with the credential. It must not be logged or recorded. */
  String url();

  /** The text with every spelling of the credential masked. */
  String redact(String text);

  /** The configuration key that holds the credential, for messages; null if the feed needs none. */
  @Nullable String credentialKey();

  /**
   * The symbols that the gap ledger covers: those subscribed to, or only {@link
   * io.marketstream.feed.record.SourceCursor#ALL_SYMBOLS}.
   */
  List<String> ledgerSymbols();

  /**
   * The frames that subscribe to these symbols, in order. The session asks for all symbols of the
   * ledger after each connect, and for single symbols that the feed has refused. Always empty if
   * opening the connection subscribes.
   */
  List<Subscription> subscriptions(List<String> symbols);

  /**
   * Whether the feed answers each subscribe frame with a {@link FeedEvent.Subscribed}. Then a
   * symbol counts as subscribed to only once an answer or a trade confirms it. Without an answer
   * the subscription is repeated.
   */
  default boolean answersSubscriptions() {
    return false;
  }

  /**
   * Decodes one text frame.
   *
   * @param frame the frame as OkHttp decoded it
   * @param receivedAt epoch ms at which it was read
   * @return its events in wire order. No input causes an exception
   */
  List<FeedEvent> decode(String frame, long receivedAt);
}
