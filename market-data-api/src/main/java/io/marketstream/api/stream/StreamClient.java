package io.marketstream.api.stream;

/** The connection of one client. Its methods are called by one thread at a time. */
public interface StreamClient {
  /** Sends a tick. May wait for a slow client. */
  void send(StreamEvent event);

  /**
   * Tells the client that ticks between its last event and the next one are not sent.
   *
   * @param reason text for people
   */
  void sendReset(String reason);

  /** Keeps the connection alive, and finds out whether the client is still there. */
  void sendHeartbeat();

  /** Ends the connection. May be called by any thread. */
  void close();
}
