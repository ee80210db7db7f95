package io.marketstream.feed.session;

import io.marketstream.feed.ledger.Subscriptions;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.Subscription;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subscribe frames of the current connection that are still to be sent: those of all symbols,
 * then those of refused symbols that are due again. The session takes one frame per
 * subscribeInterval, because feeds limit how many messages they accept. Pure. Not thread-safe:
 * guarded by the session's lock.
 */
final class SubscribeQueue {

  private final FeedProtocol protocol;
  private final Subscriptions subscriptions;
  private final Queue<Subscription> frames = new ArrayDeque<>();
  private final Set<String> retries = new LinkedHashSet<>();
  private boolean idle;

  SubscribeQueue(FeedProtocol protocol, Subscriptions subscriptions) {
    this.protocol = protocol;
    this.subscriptions = subscriptions;
  }

  /** A connection has opened: all symbols are to be subscribed to. Call {@link #next} at once. */
  void opened() {
    frames.clear();
    retries.clear();
    frames.addAll(protocol.subscriptions(protocol.ledgerSymbols()));
    idle = false;
  }

  /**
   * A refused symbol is due again.
   *
   * @return whether the caller must call {@link #next}, because nobody else is going to
   */
  boolean retry(String symbol) {
    retries.add(symbol);
    boolean wasIdle = idle;
    idle = false;
    return wasIdle;
  }

  /**
   * Takes the next frame. If there is one, the caller must call this method again after the
   * interval. Symbols that the feed no longer refuses are left out.
   *
   * @return null if no frame is to be sent
   */
  @Nullable Subscription next() {
    while (frames.isEmpty() && !retries.isEmpty()) {
      String symbol = retries.iterator().next();
      retries.remove(symbol);
      if (subscriptions.isRefused(symbol)) {
        frames.addAll(protocol.subscriptions(List.of(symbol)));
      }
    }
    Subscription frame = frames.poll();
    idle = frame == null;
    return frame;
  }
}
