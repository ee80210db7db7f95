package io.marketstream.simulator;

import io.marketstream.simulator.market.Instrument;
import io.marketstream.simulator.market.Instruments;
import io.marketstream.simulator.market.PriceWalk;
import io.marketstream.simulator.market.SymbolPicker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Trades as Finnhub flushes them: at most ten a message, symbols mixed, several in one millisecond,
 * times that go backwards, now and then two trades that are the same to the byte (docs/feeds.md,
 * Finnhub websocket).
 */
final class FinnhubMarket implements Market {

  static final int MAX_TRADES_PER_MESSAGE = 10;
  private static final int BACKWARDS_MS = 250;

  private final long seed;
  private final Instruments instruments = Instruments.finnhub();
  private final Map<String, PriceWalk> walks = new HashMap<>();
  private final SplittableRandom random;
  private List<String> symbols = List.of();
  private List<PriceWalk> symbolWalks = List.of();
  private SymbolPicker picker;

  FinnhubMarket(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void use(Set<String> newSymbols) {
    symbols = List.copyOf(newSymbols);
    List<Instrument> chosen = symbols.stream().map(instruments::of).toList();
    symbolWalks =
        chosen.stream()
            .map(
                instrument ->
                    walks.computeIfAbsent(
                        instrument.symbol(), symbol -> new PriceWalk(instrument, seed)))
            .toList();
    picker = chosen.isEmpty() ? null : new SymbolPicker(chosen, random);
  }

  @Override
  public List<List<? extends SimTick>> next(int ticks, long fromMs, long toMs) {
    List<List<? extends SimTick>> messages = new ArrayList<>(ticks / MAX_TRADES_PER_MESSAGE + 1);
    long time = fromMs;
    int chosen = 0;
    for (int made = 0; made < ticks; ) {
      int size = Math.min(MAX_TRADES_PER_MESSAGE, ticks - made);
      List<SimTrade> message = new ArrayList<>(size);
      for (int i = 0; i < size; i++, made++) {
        if (i > 0 && random.nextInt(250) == 0) {
          message.add(message.get(i - 1));
          continue;
        }
        if (made == 0 || random.nextInt(3) > 0) {
          chosen = picker.next();
        }
        time = nextTime(time, fromMs + (toMs - fromMs) * made / ticks);
        message.add(trade(chosen, time));
      }
      messages.add(message);
    }
    return messages;
  }

  private SimTrade trade(int index, long timeMs) {
    PriceWalk walk = symbolWalks.get(index);
    return new SimTrade(
        symbols.get(index),
        walk.nextPrice(),
        walk.nextVolume(),
        timeMs,
        walk.nextConditions(),
        true);
  }

  private long nextTime(long last, long due) {
    int die = random.nextInt(100);
    if (die < 30) {
      return last;
    }
    return die < 37 ? due - 1 - random.nextInt(BACKWARDS_MS) : due;
  }
}
