package io.marketstream.feed.session;

import io.marketstream.feed.ledger.GapLedger;
import io.marketstream.feed.ledger.Subscriptions;
import io.marketstream.feed.ledger.TickNumbering;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.record.FeedGap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/**
 * Handles the errors that a feed reports while it stays connected. It logs each error, opens a gap
 * for each refused subscription, and schedules the next attempt to subscribe. Not thread-safe:
 * guarded by the session's lock.
 */
final class FeedErrorHandler {

  private static final String INFERRED =
      "; the feed named no symbol: inferred from the order of the subscriptions";

  private static final String LEFT_OUT = "the feed's answer to the subscription leaves it out";

  private static final String UNANSWERED =
      "the feed has not answered the subscription within "
          + Subscriptions.ANSWER_TIMEOUT.toSeconds()
          + " s";

  private final String name;
  private final Subscriptions subscriptions;
  private final GapLedger ledger;
  private final TickNumbering numbering;
  private final LogSanitizer sanitizer;
  private final FeedErrorLog log;
  private final ToLongFunction<String> silentSince;
  private String lastRefusalWithoutSymbol = "";

  /**
   * @param name the name of the connector, for log lines
   * @param silentSince when a symbol last ticked on the connection, or else when the connection
   *     opened, in epoch ms of the current clock
   */
  FeedErrorHandler(
      String name,
      Subscriptions subscriptions,
      GapLedger ledger,
      TickNumbering numbering,
      LogSanitizer sanitizer,
      FeedErrorLog log,
      ToLongFunction<String> silentSince) {
    this.name = name;
    this.subscriptions = subscriptions;
    this.ledger = ledger;
    this.numbering = numbering;
    this.sanitizer = sanitizer;
    this.log = log;
    this.silentSince = silentSince;
  }

  /**
   * Handles the errors of a frame. Its ticks show which symbols are subscribed to after all.
   *
   * @param ticked the symbols that have a tick in the frame; may be empty if no gap is open
   * @param retryLater schedules another attempt to subscribe to a symbol
   * @return the records of the gaps that this opens
   */
  List<FeedGap> handle(
      List<FeedEvent> events, Set<String> ticked, BiConsumer<String, Duration> retryLater) {
    List<FeedGap> opened = new ArrayList<>();
    if (ledger.refusedCount() > 0) {
      for (String symbol : ticked) {
        ledger.clearRefused(symbol);
        if (subscriptions.ticked(symbol)) {
          refusedWithoutSymbol(lastRefusalWithoutSymbol, ticked, retryLater, opened);
        }
      }
    }
    for (FeedEvent event : events) {
      if (event instanceof FeedEvent.Refused refused) {
        String message = sanitizer.sanitize(refused.message());
        if (refused.symbol() == null) {
          lastRefusalWithoutSymbol = message;
          refusedWithoutSymbol(message, ticked, retryLater, opened);
        } else if (subscriptions.refused(refused.symbol())) {
          refused(refused.symbol(), message, retryLater, opened);
        }
      } else if (event instanceof FeedEvent.Subscribed answer) {
        for (String symbol : subscriptions.answered(answer.symbols())) {
          if (subscriptions.refused(symbol)) {
            refused(symbol, LEFT_OUT, retryLater, opened);
          }
        }
        answer.symbols().forEach(this::confirmed);
      } else if (event instanceof FeedEvent.NewestTrade newest) {
        subscriptions.confirmed(newest.symbol());
        confirmed(newest.symbol());
      } else if (event instanceof FeedEvent.FeedError error) {
        log.warn(name, sanitizer.sanitize(error.message()));
      }
    }
    return opened;
  }

  /** A subscription that was repeated is confirmed, so its gap may end without a tick. */
  private void confirmed(String symbol) {
    if (!subscriptions.isRefused(symbol)) {
      ledger.clearRefused(symbol);
    }
  }

  /**
   * Handles subscriptions that the feed has not answered.
   *
   * @param retryLater schedules another attempt to subscribe to a symbol
   * @return the records of the gaps that this opens
   */
  List<FeedGap> unanswered(List<String> symbols, BiConsumer<String, Duration> retryLater) {
    List<FeedGap> opened = new ArrayList<>();
    symbols.forEach(symbol -> refused(symbol, UNANSWERED, retryLater, opened));
    return opened;
  }

  private void refusedWithoutSymbol(
      String message,
      Set<String> ticked,
      BiConsumer<String, Duration> retryLater,
      List<FeedGap> opened) {
    String symbol =
        subscriptions.refusedWithoutSymbol(
            candidate -> ticked.contains(candidate) || numbering.peek(candidate) > 0);
    if (symbol == null) {
      log.warn(name, message);
    } else {
      refused(symbol, message + INFERRED, retryLater, opened);
    }
  }

  private void refused(
      String symbol, String detail, BiConsumer<String, Duration> retryLater, List<FeedGap> opened) {
    Duration wait = subscriptions.retryAfter(symbol);
    log.warn(
        name, symbol + " is refused: " + detail + "; next attempt in " + wait.toSeconds() + " s");
    opened.addAll(ledger.refused(symbol, detail, silentSince.applyAsLong(symbol)));
    ledger.markRefused(symbol);
    retryLater.accept(symbol, wait);
  }
}
