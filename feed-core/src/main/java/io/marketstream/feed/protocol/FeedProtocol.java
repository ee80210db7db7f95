package io.marketstream.feed.protocol;

import java.util.List;

/**
 * What a provider must tell us about its feed. Pure: no I/O, no clock, no state that a frame
 * changes, so it is tested with strings. A {@link TextCache} is allowed: it changes no result.
 * Called from the socket thread and from the session's scheduler.
 */
public interface FeedProtocol {

  /** The websocket URL of a connection, credential included. Never to be logged or recorded. */
  String url();

  /** The text with every spelling of the credential that it may contain replaced. */
  String redact(String text);

  /** The configuration key that holds the credential, for messages. */
  String credentialKey();

  /**
   * The symbols that the gap ledger answers for: those subscribed to, or only {@link
   * io.marketstream.feed.record.SourceCursor#ALL_SYMBOLS}.
   */
  List<String> ledgerSymbols();

  /**
   * The frames that subscribe to these symbols, in order, paced by the session. Asked for all
   * symbols of the ledger after each connect, and for single ones that the feed had refused. Always
   * empty where opening the connection subscribes.
   */
  List<Subscription> subscriptions(List<String> symbols);

  /**
   * Decodes one text frame.
   *
   * @param frame the frame as OkHttp decoded it
   * @param receivedAt epoch ms at which it was read
   * @return its events in wire order; any input whatever gives a list, never an exception
   */
  List<FeedEvent> decode(String frame, long receivedAt);
}
