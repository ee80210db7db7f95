package io.marketstream.simulator.finnhub;

import io.marketstream.simulator.market.EventTimes;
import io.marketstream.simulator.market.Instrument;
import io.marketstream.simulator.market.Instruments;
import io.marketstream.simulator.market.Market;
import io.marketstream.simulator.market.MarketHours;
import io.marketstream.simulator.market.MarketHours.Session;
import io.marketstream.simulator.market.PriceWalk;
import io.marketstream.simulator.market.SimTick;
import io.marketstream.simulator.market.SimTrade;
import io.marketstream.simulator.market.SymbolPicker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Creates trades as Finnhub sends them: at most ten per message, with mixed symbols, several in one
 * millisecond, times that go backwards, and sometimes two identical trades (docs/feeds.md, Finnhub
 * websocket).
 *
 * <p>With market hours, stocks trade less outside the regular session, and not at all while the
 * market is closed. Their codes depend on the session. Each opening and closing auction adds two
 * trades per stock.
 */
final class FinnhubMarket implements Market {

  static final int MAX_TRADES_PER_MESSAGE = 10;
  private static final int BACKWARDS_MS = 250;

  private final long seed;
  private final Optional<MarketHours> hours;
  private final double absentConditionsShare;
  private final Instruments instruments = Instruments.finnhub();
  private final Map<String, PriceWalk> walks = new HashMap<>();
  private final SplittableRandom random;

  /**
   * A second source of random numbers for optional features. So the series of a market without them
   * stays the same.
   */
  private final SplittableRandom further;

  private volatile EventTimes eventTimes;
  private List<String> symbols = List.of();
  private List<Instrument> chosen = List.of();
  private List<PriceWalk> symbolWalks = List.of();

  /** The current session; {@code REGULAR} without market hours. */
  private Session session = Session.REGULAR;

  /** Whether the session was already read from the clock. */
  private boolean isUnderWay;

  /** Null while nothing trades. */
  private @Nullable SymbolPicker picker;

  /** Creates a market that is always open and whose trades are on time. */
  FinnhubMarket(long seed) {
    this(seed, Optional.empty(), EventTimes.ON_TIME, 0);
  }

  /**
   * @param hours empty for a market that is always open
   * @param absentConditionsShare the share of trades without codes that lack the key {@code c}
   */
  FinnhubMarket(
      long seed, Optional<MarketHours> hours, EventTimes eventTimes, double absentConditionsShare) {
    this.seed = seed;
    this.hours = hours;
    this.eventTimes = eventTimes;
    this.absentConditionsShare = absentConditionsShare;
    this.random = new SplittableRandom(seed);
    this.further = new SplittableRandom(seed ^ 0x5DEECE66DL);
  }

  EventTimes eventTimes() {
    return eventTimes;
  }

  /** May be called from any thread. */
  void setEventTimes(EventTimes newEventTimes) {
    eventTimes = Objects.requireNonNull(newEventTimes);
  }

  @Override
  public void use(Set<String> newSymbols) {
    symbols = List.copyOf(newSymbols);
    chosen = symbols.stream().map(instruments::of).toList();
    symbolWalks =
        chosen.stream()
            .map(
                instrument ->
                    walks.computeIfAbsent(
                        instrument.symbol(), symbol -> new PriceWalk(instrument, seed)))
            .toList();
    weigh();
  }

  private void weigh() {
    List<Instrument> weighted =
        chosen.stream()
            .map(
                instrument ->
                    new Instrument(
                        instrument.symbol(),
                        instrument.kind(),
                        instrument.price(),
                        isStock(instrument)
                            ? instrument.weight() * session.activity()
                            : instrument.weight()))
            .toList();
    boolean trades = weighted.stream().anyMatch(instrument -> instrument.weight() > 0);
    picker = trades ? new SymbolPicker(weighted, random) : null;
  }

  private static boolean isStock(Instrument instrument) {
    return instrument.kind() == Instrument.Kind.STOCK;
  }

  @Override
  public List<List<? extends SimTick>> next(int ticks, long fromMs, long toMs) {
    List<List<? extends SimTick>> messages = new ArrayList<>(ticks / MAX_TRADES_PER_MESSAGE + 1);
    hours.ifPresent(known -> enter(known.at(toMs), toMs, messages));
    if (picker == null) {
      return messages;
    }
    long time = fromMs;
    int index = 0;
    for (int made = 0; made < ticks; ) {
      int size = Math.min(MAX_TRADES_PER_MESSAGE, ticks - made);
      List<SimTrade> message = new ArrayList<>(size);
      for (int i = 0; i < size; i++, made++) {
        if (i > 0 && random.nextInt(250) == 0) {
          message.add(message.get(i - 1));
          continue;
        }
        if (made == 0 || random.nextInt(3) > 0) {
          index = picker.next();
        }
        time = nextTime(time, fromMs + (toMs - fromMs) * made / ticks);
        message.add(trade(index, time));
      }
      messages.add(message);
    }
    return messages;
  }

  /** Changes the session, and adds the trades of an auction between two sessions. */
  private void enter(Session next, long timeMs, List<List<? extends SimTick>> messages) {
    // The first session began before the first call, so its opening auction is over.
    boolean changes = isUnderWay && next != session;
    boolean opens = changes && next == Session.REGULAR;
    boolean closes = changes && session == Session.REGULAR;
    isUnderWay = true;
    if (next == session) {
      return;
    }
    session = next;
    weigh();
    if (opens || closes) {
      print(opens, timeMs, messages);
    }
  }

  private void print(boolean opening, long timeMs, List<List<? extends SimTick>> messages) {
    List<SimTrade> prints = new ArrayList<>();
    for (int i = 0; i < symbols.size(); i++) {
      if (isStock(chosen.get(i))) {
        String price = symbolWalks.get(i).nextPrice();
        String volume = Long.toString(100 * (500 + further.nextLong(40_000)));
        for (List<String> codes :
            opening ? StockConditions.opening() : StockConditions.closing(symbols.get(i))) {
          prints.add(
              new SimTrade(symbols.get(i), price, volume, eventTime(timeMs, 0), codes, true));
        }
      }
    }
    for (int from = 0; from < prints.size(); from += MAX_TRADES_PER_MESSAGE) {
      messages.add(
          List.copyOf(
              prints.subList(from, Math.min(prints.size(), from + MAX_TRADES_PER_MESSAGE))));
    }
  }

  private SimTrade trade(int index, long timeMs) {
    PriceWalk walk = symbolWalks.get(index);
    String price = walk.nextPrice();
    String volume = walk.nextVolume();
    List<String> conditions = walk.nextConditions();
    long lateness = nextLateness();
    if (conditions != null && hours.isPresent()) {
      conditions =
          lateness > 0 ? StockConditions.late(session) : StockConditions.of(session, further);
    }
    boolean present = conditions != null || further.nextDouble() >= absentConditionsShare;
    return new SimTrade(
        symbols.get(index), price, volume, eventTime(timeMs, lateness), conditions, present);
  }

  /** 0 for a trade that is on time. */
  private long nextLateness() {
    EventTimes times = eventTimes;
    if (times.lateShare() == 0 || further.nextDouble() >= times.lateShare()) {
      return 0;
    }
    long least = EventTimes.MIN_LATENESS.toMillis();
    return least + further.nextLong(times.maxLateness().toMillis() - least + 1);
  }

  private long eventTime(long timeMs, long lateness) {
    EventTimes times = eventTimes;
    return timeMs - lateness - times.delay().toMillis() + times.clockSkew().toMillis();
  }

  private long nextTime(long last, long due) {
    int die = random.nextInt(100);
    if (die < 30) {
      return last;
    }
    return die < 37 ? due - 1 - random.nextInt(BACKWARDS_MS) : due;
  }
}
