package io.marketstream.microbenchmarks;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.TickKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A trade as the feeds send it: one of {@value #SYMBOLS} symbols, a price with two decimals, a
 * whole volume, and none to two condition codes.
 *
 * @param time epoch ms by the provider's clock
 */
public record SampleTrade(
    String symbol, String price, String volume, List<String> conditions, long time) {
  public static final int SYMBOLS = 50;

  /** Trades in a message of Finnhub's. */
  public static final int PER_FRAME = 10;

  /** When the session opened, epoch ms. */
  public static final long SESSION = 1_795_910_400_000L; // 2026-11-29

  /** When every sample was received, epoch ms. */
  public static final long RECEIVED_AT = SESSION + 3_600_000;

  private static final long SEED = 20261129;

  /** The same trades at each call, one in a ms from the start of the session on. */
  public static List<SampleTrade> list(int count) {
    Random random = new Random(SEED);
    List<SampleTrade> trades = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      trades.add(
          new SampleTrade(
              symbol(random.nextInt(SYMBOLS)),
              100 + random.nextInt(900) + "." + (10 + random.nextInt(90)),
              String.valueOf(1 + random.nextInt(500)),
              conditions(random.nextInt(3)),
              SESSION + i));
    }
    return trades;
  }

  private static String symbol(int number) {
    return "SYM" + number;
  }

  private static List<String> conditions(int count) {
    return switch (count) {
      case 0 -> null;
      case 1 -> List.of("1");
      default -> List.of("1", "12");
    };
  }

  /** The symbols of all samples. */
  public static List<String> symbols() {
    List<String> symbols = new ArrayList<>(SYMBOLS);
    for (int i = 0; i < SYMBOLS; i++) {
      symbols.add(symbol(i));
    }
    return symbols;
  }

  /** The trades in groups of {@value #PER_FRAME}, in order. */
  public static List<List<SampleTrade>> messages(int count) {
    List<SampleTrade> trades = list(count * PER_FRAME);
    List<List<SampleTrade>> messages = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      messages.add(trades.subList(i * PER_FRAME, (i + 1) * PER_FRAME));
    }
    return messages;
  }

  /** A message as Finnhub writes it. */
  public static String finnhubFrame(List<SampleTrade> message) {
    return message.stream()
        .map(SampleTrade::finnhubJson)
        .collect(Collectors.joining(",", "{\"data\":[", "],\"type\":\"trade\"}"));
  }

  private String finnhubJson() {
    String codes =
        conditions == null
            ? "null"
            : conditions.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    return "{\"c\":%s,\"p\":%s,\"s\":\"%s\",\"t\":%d,\"v\":%s}"
        .formatted(codes, price, symbol, time, volume);
  }

  /** The trade as a decoder hands it on. */
  public FeedEvent.Tick toEvent() {
    return new FeedEvent.Tick(TickKind.TRADE, symbol, price, volume, conditions, time);
  }

  /** The trade as it waits for the task, numbered. */
  public MarketTick toTick(long sequence) {
    return new MarketTick(
        "finnhub",
        TickKind.TRADE,
        symbol,
        price,
        volume,
        conditions,
        time,
        RECEIVED_AT,
        SESSION,
        sequence);
  }
}
