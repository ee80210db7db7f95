package io.marketstream.pipeline.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.pipeline.StoredTick;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Topics of two feeds with records of every irregularity that the tests cover; a seed determines
 * them. They have overlapping sessions, times that go back, ticks of closed candles, many ticks in
 * one millisecond, repeated records, decimals of up to 30 digits, known and unknown condition
 * codes, open and closed gaps, and unreadable records.
 */
final class SeededTopic {

  private static final long START = 1_767_261_600_000L; // 2026-01-01T10:00:00Z
  private static final List<String> STOCKS = List.of("AAPL", "MSFT", "BRK.B", "IC MARKETS:1");
  private static final List<String> COINS = List.of("bitcoin", "ethereum", "shiba-inu");
  private static final List<String> CODES =
      List.of("1", "2", "3", "8", "9", "12", "16", "20", "24", "30", "37", "999");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Random random;
  private final JobTopics topics;
  private final Set<StoredTick> ticks = new HashSet<>();
  private final Map<String, Long> nextSequence = new HashMap<>();
  private final Map<String, List<StoredTick>> recent = new HashMap<>();
  private final List<Long> sessions = new ArrayList<>();
  private long clock = START;
  private int unreadable;
  private int gaps;

  /** Tests print the seed. The same seed repeats a test. */
  SeededTopic(long seed, JobTopics topics) {
    this.random = new Random(seed);
    this.topics = topics;
    sessions.add(START - 1000);
  }

  /** Returns the next records of the topics, in the order in which they must be written. */
  List<TopicRecord> next(int count) {
    List<TopicRecord> records = new ArrayList<>();
    while (records.size() < count) {
      int choice = random.nextInt(1000);
      if (choice < 8) {
        records.add(unreadable());
      } else if (choice < 14) {
        records.addAll(gap());
      } else if (choice < 40 && !recent.isEmpty()) {
        records.add(again());
      } else {
        records.add(fresh());
      }
    }
    return records;
  }

  JobTopics topics() {
    return topics;
  }

  /** Returns every tick so far, each once. */
  Set<StoredTick> ticks() {
    return Set.copyOf(ticks);
  }

  /** Returns how many records so far are neither ticks nor gaps. */
  int unreadableCount() {
    return unreadable;
  }

  /** Returns how many gaps there are so far. Each has two records in the topic. */
  int gapCount() {
    return gaps;
  }

  private TopicRecord fresh() {
    boolean coin = random.nextInt(4) == 0;
    String source = coin ? "coincap-sim" : "finnhub-sim";
    String symbol = pick(coin ? COINS : STOCKS);
    if (random.nextInt(400) == 0) {
      clock += 60_000;
      sessions.add(clock); // the connector connected again
    }
    // From the newest two sessions, because a worker whose task was taken over may still write.
    long session = sessions.get(Math.max(0, sessions.size() - 1 - random.nextInt(2)));
    long sequence = nextSequence.merge(source + symbol + session, 1L, Long::sum) - 1;
    clock += random.nextInt(3) == 0 ? random.nextInt(1500) : 0;
    long receivedAt = Math.max(clock, session);
    long eventTime = coin ? receivedAt : receivedAt - lag();
    boolean trade = !coin && random.nextInt(10) != 0;
    StoredTick tick =
        new StoredTick(
            source,
            symbol,
            session,
            sequence,
            trade ? "trade" : "price",
            decimal(),
            coin ? null : trade ? decimal() : BigDecimal.ZERO,
            conditions(coin),
            eventTime,
            receivedAt);
    if (symbol.equals("MSFT")) {
      String id = String.valueOf(1_000 + ticks.size());
      tick = tick.withTrade(id, ticks.size() % 2 == 0 ? "buy" : "sell", "live");
    }
    ticks.add(tick);
    recent.computeIfAbsent(symbol, any -> new ArrayList<>()).add(tick);
    return new TopicRecord(topics.ticks(), symbol, tick.bytes());
  }

  private long lag() {
    int choice = random.nextInt(100);
    if (choice < 2) {
      return 600_000L + random.nextInt(600_000); // its one-minute candles are closed
    }
    return choice < 30 ? random.nextInt(90_000) : -random.nextInt(2_000);
  }

  /** Returns an earlier record that the producer writes again. */
  private TopicRecord again() {
    List<String> symbols = recent.keySet().stream().sorted().toList();
    List<StoredTick> written = recent.get(pick(symbols));
    StoredTick tick = written.get(Math.max(0, written.size() - 1 - random.nextInt(20)));
    return new TopicRecord(topics.ticks(), tick.symbol(), tick.bytes());
  }

  private List<TopicRecord> gap() {
    gaps++;
    ObjectNode gap = JSON.createObjectNode();
    gap.put("source", "finnhub-sim");
    gap.put("symbol", pick(STOCKS));
    gap.put("cause", "CONNECTION_LOST");
    gap.put("gap_start", clock + gaps);
    gap.putNull("gap_end");
    gap.put("session_before", sessions.get(sessions.size() - 1));
    gap.putNull("session_after");
    gap.put("first_missing", gaps);
    gap.putNull("dropped");
    gap.put("detail", "reset by peer");
    String open = gap.toString();
    gap.put("gap_end", clock + gaps + 1000);
    gap.put("session_after", clock + gaps + 900);
    gap.put("first_missing_id", "" + gaps);
    gap.put("last_missing_id", "" + (gaps + 3));
    return List.of(gapRecord(open), gapRecord(gap.toString()));
  }

  private TopicRecord gapRecord(String json) {
    return new TopicRecord(topics.gaps(), "AAPL", json.getBytes(StandardCharsets.UTF_8));
  }

  private TopicRecord unreadable() {
    unreadable++;
    String value =
        switch (random.nextInt(4)) {
          case 0 -> "{\"source\":\"finnhub-sim\",\"symbol\":\"AAPL\"";
          case 1 -> "[]";
          case 2 -> "{\"source\":\"finnhub-sim\",\"symbol\":\"AAPL\",\"price\":164.06}";
          default -> null;
        };
    return new TopicRecord(
        topics.ticks(), "AAPL", value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  private BigDecimal decimal() {
    int scale = random.nextInt(19);
    return switch (random.nextInt(3)) {
      case 0 -> new BigDecimal(BigInteger.valueOf(1 + random.nextInt(100_000)), 2);
      case 1 -> new BigDecimal(new BigInteger(60, random).add(BigInteger.ONE), scale);
      default -> new BigDecimal(new BigInteger(98, random).add(BigInteger.ONE), scale);
    };
  }

  private List<String> conditions(boolean coin) {
    if (coin || random.nextInt(3) == 0) {
      return null;
    }
    List<String> codes = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      codes.add(pick(CODES));
    }
    return codes;
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
