package io.marketstream.finnhub;

import io.marketstream.feed.protocol.EventTime;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameScanner;
import io.marketstream.feed.protocol.TextCache;
import io.marketstream.feed.protocol.WireDecimal;
import io.marketstream.model.Limits;
import io.marketstream.model.TickKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads trade messages in exactly the form that Finnhub writes (docs/feeds.md, "Finnhub"): no white
 * space, the keys in one order, numbers without an exponent, texts without an escape. It leaves
 * every other frame to {@link FinnhubDecoder}, including each frame with an invalid trade. So it
 * rejects nothing.
 */
final class TradeScanner extends FrameScanner {
  private static final String START = "{\"data\":[";
  private static final String END = "],\"type\":\"trade\"}";

  /** Finnhub's messages have at most 800 characters. Longer frames go directly to the parser. */
  private static final int MAX_FRAME_LENGTH = 2_000;

  private static final int MAX_TIME_DIGITS = 18; // always fits a long

  /** Caches the symbols and the lists of codes of trades by their JSON. Any thread. */
  static final class KnownTexts {
    // Large enough that most of several thousand symbols keep their place.
    private final TextCache<String> symbols = new TextCache<>(8_192);
    // Several dozen lists of codes occur.
    private final TextCache<List<String>> codes = new TextCache<>(256);
  }

  private final FinnhubSymbols symbols;
  private final KnownTexts known;
  private final long receivedAt;
  private @Nullable List<String> conditions;
  private long time;

  private TradeScanner(String frame, FinnhubSymbols symbols, KnownTexts known, long receivedAt) {
    super(frame);
    this.symbols = symbols;
    this.known = known;
    this.receivedAt = receivedAt;
  }

  /**
   * The trades of a message in wire order.
   *
   * @param known the cache of earlier frames
   * @return null if the frame is anything else
   */
  static @Nullable List<FeedEvent> scan(
      String frame, FinnhubSymbols symbols, KnownTexts known, long receivedAt) {
    return frame.length() > MAX_FRAME_LENGTH
        ? null
        : new TradeScanner(frame, symbols, known, receivedAt).trades();
  }

  private @Nullable List<FeedEvent> trades() {
    if (!skip(START)) {
      return null;
    }
    List<FeedEvent> trades = new ArrayList<>(10);
    do {
      FeedEvent.Tick trade = trade();
      if (trade == null) {
        return null;
      }
      trades.add(trade);
    } while (skip(","));
    return skip(END) && atEnd() ? trades : null;
  }

  private FeedEvent.@Nullable Tick trade() {
    if (!skip("{") || !conditions() || !skip("\"p\":")) {
      return null;
    }
    String price = decimal();
    if (price == null || !skip(",\"s\":")) {
      return null;
    }
    String symbol = symbol();
    if (symbol == null || !skip(",\"t\":") || !time() || !skip(",\"v\":")) {
      return null;
    }
    String volume = decimal();
    if (volume == null || !skip("}")) {
      return null;
    }
    TickKind kind = WireDecimal.isZero(volume) ? TickKind.PRICE : TickKind.TRADE;
    return new FeedEvent.Tick(kind, symbol, price, volume, conditions, time);
  }

  private boolean conditions() {
    conditions = null;
    if (!skip("\"c\":")) {
      return true; // Finnhub sent no codes in 2020
    }
    return (skip("null") || knownCodes() || newCodes()) && skip(",");
  }

  private boolean knownCodes() {
    int end = frame.indexOf(']', at) + 1;
    conditions = end == 0 ? null : known.codes.get(frame, at, end);
    if (conditions == null) {
      return false;
    }
    at = end;
    return true;
  }

  private boolean newCodes() {
    int start = at;
    if (!skip("[")) {
      return false;
    }
    List<String> codes = new ArrayList<>(4);
    if (!skip("]")) {
      do {
        String code = text(Limits.MAX_CONDITION_LENGTH);
        if (code == null || codes.size() == Limits.MAX_CONDITIONS) {
          return false;
        }
        codes.add(code);
      } while (skip(","));
      if (!skip("]")) {
        return false;
      }
    }
    List<String> read = List.copyOf(codes);
    conditions = read;
    known.codes.put(frame.substring(start, at), read);
    return true;
  }

  private @Nullable String symbol() {
    int end = frame.indexOf('"', at + 1) + 1;
    String symbol = end == 0 ? null : known.symbols.get(frame, at, end);
    if (symbol == null) {
      return newSymbol();
    }
    at = end;
    return symbol;
  }

  private @Nullable String newSymbol() {
    int start = at;
    String text = text(Limits.MAX_SYMBOL_LENGTH);
    String symbol = text == null || text.isEmpty() ? null : symbols.configured(text);
    if (symbol != null) {
      known.symbols.put(frame.substring(start, at), symbol);
    }
    return symbol;
  }

  private boolean time() {
    int start = at;
    if (!wholeNumber() || at - start > MAX_TIME_DIGITS) {
      return false;
    }
    time = 0;
    for (int i = start; i < at; i++) {
      time = 10 * time + frame.charAt(i) - '0';
    }
    return EventTime.isPlausible(time, receivedAt);
  }

  /** A text in quotes; null if it is too long, or has escapes, control characters or surrogates. */
  private @Nullable String text(int maxLength) {
    if (!skip("\"")) {
      return null;
    }
    int end = frame.indexOf('"', at);
    if (end < 0 || end - at > maxLength) {
      return null;
    }
    for (int i = at; i < end; i++) {
      char c = frame.charAt(i);
      if (c < ' ' || c == '\\' || Character.isSurrogate(c)) {
        return null;
      }
    }
    String text = frame.substring(at, end);
    at = end + 1;
    return text;
  }
}
