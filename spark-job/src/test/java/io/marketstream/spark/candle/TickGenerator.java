package io.marketstream.spark.candle;

import io.marketstream.model.TickKind;
import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Tick;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Random ticks of one symbol with all irregularities. The seed determines them. */
final class TickGenerator {
  private static final long START = 1_763_942_280_000L;
  private static final String[] CODES = {"1", "9", "12", "16", "24", "24", "25", "30", "36", "77"};

  private static final String[] EXTREMES = {"300", "300.0", "300.00", "-1", "-1.0", "-1.00"};

  private final Random random;

  TickGenerator(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Returns ticks in topic order. They have times that go back and forth, many ticks in one ms,
   * reconnects, sessions that return after twenty others, prices of different scales, and repeated
   * records.
   */
  List<Tick> ticks(int count) {
    List<Tick> ticks = new ArrayList<>();
    List<long[]> sessions = new ArrayList<>();
    long clock = START;
    while (ticks.size() < count) {
      if (sessions.isEmpty() || random.nextInt(12) == 0) {
        long opened = clock + sessions.size();
        sessions.add(new long[] {opened, 0});
      }
      clock += random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(3);
      if (!ticks.isEmpty() && random.nextInt(10) == 0) {
        ticks.add(at(ticks.size(), ticks.get(random.nextInt(ticks.size()))));
        continue;
      }
      boolean old = random.nextInt(8) == 0;
      long[] session = sessions.get(old ? random.nextInt(sessions.size()) : sessions.size() - 1);
      long sequence = session[1];
      session[1] += random.nextInt(15) == 0 ? 3 : 1;
      long eventTime = clock - (random.nextInt(3) == 0 ? random.nextInt(400_000) : 0);
      ticks.add(tick(ticks.size(), eventTime, session[0], sequence));
    }
    return ticks;
  }

  /** Splits the ticks into batches at random. */
  List<List<Tick>> batches(List<Tick> ticks) {
    List<List<Tick>> batches = new ArrayList<>();
    int from = 0;
    while (from < ticks.size()) {
      int to = Math.min(ticks.size(), from + 1 + random.nextInt(1 + random.nextInt(60)));
      batches.add(ticks.subList(from, to));
      from = to;
    }
    return batches;
  }

  /**
   * Returns the trades of one connection of a venue that numbers them: several per millisecond, and
   * none so late that a candle is closed before it.
   */
  List<Tick> trades(int count) {
    List<Tick> trades = new ArrayList<>();
    long clock = START;
    for (int i = 0; i < count; i++) {
      clock += random.nextInt(3) == 0 ? random.nextInt(500) : 0;
      trades.add(
          new Tick(
              new RecordPosition("market_data", 0, i),
              "finnhub",
              "AAPL",
              TickKind.TRADE,
              // One scale: of equal prices that are written differently, the first one stays.
              new BigDecimal(new BigInteger(8, random), 2).toPlainString(),
              decimal(20).toPlainString(),
              null,
              clock,
              clock,
              START,
              i,
              String.valueOf(1_100_236_125L + i),
              random.nextBoolean() ? TradeSide.BUY : TradeSide.SELL,
              TickOrigin.LIVE));
    }
    return trades;
  }

  /**
   * Returns the trades as a topic may have them: with holes in the live ticks, repair runs that
   * fill them in either direction while live ticks go on, trades that come both ways, and a
   * connection that begins anew and repeats a part.
   */
  List<Tick> withRepairs(List<Tick> trades) {
    List<List<Tick>> ways = new ArrayList<>();
    List<Tick> live = new ArrayList<>();
    List<Tick> missing = new ArrayList<>();
    for (Tick trade : trades) {
      boolean isLost = random.nextInt(4) == 0;
      (isLost ? missing : live).add(trade);
      if (!isLost && random.nextInt(8) == 0) {
        missing.add(trade); // comes by repair as well
      }
    }
    ways.add(live);
    if (random.nextBoolean()) {
      Collections.reverse(missing);
    }
    int half = random.nextInt(missing.size());
    ways.add(numbered(missing.subList(0, half), START + 700, TickOrigin.REPAIR));
    ways.add(numbered(missing.subList(half, missing.size()), START + 900, TickOrigin.REPAIR));
    int from = random.nextInt(live.size());
    ways.add(numbered(live.subList(from, live.size()), START + 999, TickOrigin.LIVE));

    List<Tick> topic = new ArrayList<>();
    ways.replaceAll(ArrayList::new);
    while (!ways.isEmpty()) {
      List<Tick> way = ways.get(random.nextInt(ways.size()));
      if (way.isEmpty()) {
        ways.remove(way);
        continue;
      }
      Tick next = way.remove(0);
      topic.add(at(topic.size(), next));
      if (random.nextInt(20) == 0) {
        topic.add(at(topic.size(), topic.get(random.nextInt(topic.size()))));
      }
    }
    return topic;
  }

  /**
   * Returns the trades of some hours as a topic may have them after outages: each run of lost
   * trades comes by repair while the live trades go on, mostly from the lowest id on, and much
   * later than any lateness. Several outages may be under repair at one time.
   */
  List<Tick> withOutages(List<Tick> trades) {
    TreeMap<Double, Tick> topic = new TreeMap<>();
    for (int i = 0; i < trades.size(); i++) {
      topic.put((double) i, trades.get(i));
    }
    int from = 1 + random.nextInt(20);
    long session = START + 700;
    while (from < trades.size()) {
      int to = Math.min(trades.size(), from + 1 + random.nextInt(1 + random.nextInt(60)));
      List<Tick> lost = new ArrayList<>(trades.subList(from, to));
      for (int i = from; i < to; i++) {
        topic.remove((double) i);
      }
      if (random.nextInt(4) == 0) {
        Collections.shuffle(lost, random);
      }
      double place = to + random.nextInt(trades.size());
      for (Tick tick : numbered(lost, session++, TickOrigin.REPAIR)) {
        place += random.nextInt(3) == 0 ? 3 * random.nextDouble() : 1e-3 * random.nextDouble();
        topic.put(place, tick);
      }
      from = to + 1 + random.nextInt(60);
    }
    List<Tick> numbered = new ArrayList<>();
    topic.values().forEach(tick -> numbered.add(at(numbered.size(), tick)));
    return numbered;
  }

  /**
   * Returns the trades with times that are further apart: some hours from the first to the last.
   */
  List<Tick> overHours(List<Tick> trades) {
    List<Tick> slow = new ArrayList<>();
    long late = 0;
    for (Tick trade : trades) {
      late += random.nextInt(3) == 0 ? random.nextInt(120_000) : 0;
      slow.add(after(trade, late));
    }
    return slow;
  }

  /**
   * Returns the ticks with ids that skip some, go back to fill the holes and now and then come
   * twice. They are of no venue that counts its trades by time: anything must give the same result
   * in any batches. Some ticks have no id, and there are pauses of hours.
   */
  List<Tick> withIrregularIds(List<Tick> ticks) {
    List<Tick> numbered = new ArrayList<>();
    long highest = 1_000;
    long pauses = 0;
    for (Tick tick : ticks) {
      pauses += random.nextInt(40) == 0 ? random.nextInt(80_000_000) : 0;
      boolean isNext = random.nextInt(3) != 0;
      long id = isNext ? highest + (random.nextInt(5) == 0 ? 5 : 1) : highest - random.nextInt(60);
      highest = Math.max(highest, id);
      numbered.add(
          copy(
              after(tick, pauses),
              (int) tick.at().offset(),
              tick.session(),
              tick.sequence(),
              random.nextInt(6) == 0 ? null : String.valueOf(id),
              random.nextInt(3) == 0 ? TickOrigin.REPAIR : TickOrigin.LIVE));
    }
    return numbered;
  }

  /** Returns the ticks with trade ids: with holes, some twice, and without an order. */
  List<Tick> withTradeIds(List<Tick> ticks) {
    List<Tick> numbered = new ArrayList<>();
    for (Tick tick : ticks) {
      String id = String.valueOf(1_000 + 3 * numbered.size() + random.nextInt(3));
      numbered.add(
          copy(
              tick,
              (int) tick.at().offset(),
              tick.session(),
              tick.sequence(),
              id,
              TickOrigin.LIVE));
    }
    return numbered;
  }

  private static List<Tick> numbered(List<Tick> trades, long session, TickOrigin origin) {
    List<Tick> numbered = new ArrayList<>();
    for (Tick trade : trades) {
      numbered.add(copy(trade, 0, session, numbered.size(), trade.tradeId(), origin));
    }
    return numbered;
  }

  private Tick tick(int offset, long eventTime, long session, long sequence) {
    boolean trade = random.nextInt(5) != 0;
    return new Tick(
        new RecordPosition("market_data", 0, offset),
        "finnhub",
        "AAPL",
        trade ? TickKind.TRADE : TickKind.PRICE,
        price(),
        trade && random.nextInt(12) != 0 ? decimal(20).abs().toPlainString() : null,
        conditions(),
        eventTime,
        eventTime + random.nextInt(1000),
        session,
        sequence);
  }

  private String price() {
    return switch (random.nextInt(40)) {
      case 0 -> decimal(90).toPlainString();
      // Above and below all others, with equal values but different digits.
      case 1, 2, 3, 4, 5 -> EXTREMES[random.nextInt(EXTREMES.length)];
      default -> decimal(8).toPlainString();
    };
  }

  private BigDecimal decimal(int bits) {
    return new BigDecimal(new BigInteger(bits, random), random.nextInt(4));
  }

  private List<String> conditions() {
    int codes = random.nextInt(4);
    if (codes == 3) {
      return null;
    }
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < codes; i++) {
      conditions.add(CODES[random.nextInt(CODES.length)]);
    }
    return List.copyOf(conditions);
  }

  private static Tick at(int offset, Tick tick) {
    return copy(tick, offset, tick.session(), tick.sequence(), tick.tradeId(), tick.origin());
  }

  private static Tick after(Tick tick, long ms) {
    return new Tick(
        tick.at(),
        tick.source(),
        tick.symbol(),
        tick.kind(),
        tick.price(),
        tick.volume(),
        tick.conditions(),
        tick.eventTime() + ms,
        tick.receivedAt() + ms,
        tick.session(),
        tick.sequence(),
        tick.tradeId(),
        tick.side(),
        tick.origin());
  }

  private static Tick copy(
      Tick tick,
      int offset,
      long session,
      long sequence,
      @Nullable String tradeId,
      @Nullable TickOrigin origin) {
    return new Tick(
        new RecordPosition("market_data", 0, offset),
        tick.source(),
        tick.symbol(),
        tick.kind(),
        tick.price(),
        tick.volume(),
        tick.conditions(),
        tick.eventTime(),
        tick.receivedAt(),
        session,
        sequence,
        tradeId,
        tick.side(),
        origin);
  }
}
