package io.marketstream.simulator.finnhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marketstream.simulator.journal.FeedStats;
import io.marketstream.simulator.journal.SentTick;
import io.marketstream.simulator.journal.TickJournal;
import io.marketstream.simulator.market.SimTrade;
import io.marketstream.simulator.server.FeedClient;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MarketModeTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String[] SYMBOLS = {"AAPL", "TSLA", "BINANCE:BTCUSDT", "IC MARKETS:1"};

  private static FeedClient connect(FinnhubSimulator simulator) throws Exception {
    return FeedClient.connect(simulator.url() + "/?token=" + FinnhubSimulator.DEFAULT_TOKEN);
  }

  /**
   * The journal's ticks, as the bytes that the client received, without the borders of the
   * messages.
   */
  private static String tradesOf(List<SentTick> ticks) {
    StringBuilder json = new StringBuilder();
    for (SentTick tick : ticks) {
      String message =
          FinnhubFrames.trades(
              List.of(
                  new SimTrade(
                      tick.symbol(),
                      tick.price(),
                      tick.volume(),
                      tick.eventTimeMs(),
                      tick.conditions(),
                      true)));
      json.append(
              message, "{\"data\":[".length(), message.length() - "],\"type\":\"trade\"}".length())
          .append('\n');
    }
    return json.toString();
  }

  private static String tradesIn(List<String> messages) {
    List<String> bodies = new ArrayList<>();
    for (String message : messages) {
      assertThat(message).startsWith("{\"data\":[").endsWith("],\"type\":\"trade\"}");
      bodies.add(
          message
              .substring(
                  "{\"data\":[".length(), message.length() - "],\"type\":\"trade\"}".length())
              .replace("},{", "}\n{"));
    }
    return String.join("\n", bodies) + "\n";
  }

  @Test
  void theJournalIsWhatTheClientGotInTheSameOrder() throws Exception {
    try (FinnhubSimulator simulator =
            FinnhubSimulator.builder()
                .market(2_000, 5)
                .marketInterval(Duration.ofMillis(100))
                .start();
        FeedClient client = connect(simulator)) {
      client.subscribe(SYMBOLS);
      simulator.awaitSubscribed(Set.of(SYMBOLS), SOON);
      await().atMost(SOON).until(() -> simulator.sentCount() > 2_000);
      simulator.pauseSending();
      List<SentTick> sent = simulator.sent();
      await().atMost(SOON).until(() -> tradesIn(client.texts()).lines().count() == sent.size());
      assertThat(tradesIn(client.texts())).isEqualTo(tradesOf(sent));
      assertThat(sent.stream().map(SentTick::index))
          .containsExactlyElementsOf(LongStream.range(0, sent.size()).boxed().toList());
      for (String symbol : SYMBOLS) {
        List<Long> sequences =
            sent.stream()
                .filter(tick -> tick.symbol().equals(symbol))
                .map(SentTick::sequence)
                .toList();
        assertThat(sequences)
            .containsExactlyElementsOf(LongStream.range(0, sequences.size()).boxed().toList());
      }

      await()
          .during(Duration.ofMillis(400))
          .atMost(SOON)
          .until(() -> simulator.sentCount() == sent.size());
      simulator.resumeSending();
      await().atMost(SOON).until(() -> simulator.sentCount() > sent.size());
    }
  }

  @Test
  void aNewConnectionCountsFromZeroAgain() throws Exception {
    try (FinnhubSimulator simulator =
        FinnhubSimulator.builder().market(500, 5).marketInterval(Duration.ofMillis(50)).start()) {
      for (int i = 1; i <= 2; i++) {
        long before = simulator.sentCount();
        try (FeedClient client = connect(simulator)) {
          client.subscribe("AAPL");
          await().atMost(SOON).until(() -> simulator.sentCount() > before + 20);
          simulator.faults().drop();
          await().atMost(SOON).until(client::isOver);
          simulator.awaitConnected(0, SOON);
        }
      }
      simulator.pauseSending();
      for (long connection = 1; connection <= 2; connection++) {
        long number = connection;
        List<Long> sequences =
            simulator.sent().stream()
                .filter(tick -> tick.connection() == number)
                .map(SentTick::sequence)
                .toList();
        assertThat(sequences)
            .isNotEmpty()
            .containsExactlyElementsOf(LongStream.range(0, sequences.size()).boxed().toList());
      }
      FeedStats stats = simulator.stats();
      assertThat(stats.ticksSent()).isEqualTo(simulator.sent().size());
      assertThat(stats.sessions().stream().mapToLong(FeedStats.Session::ticks).sum())
          .isEqualTo(stats.ticksSent());
    }
  }

  @Test
  void twentyThousandTicksPerSecondAreSent() throws Exception {
    try (FinnhubSimulator simulator =
            FinnhubSimulator.builder().journal(TickJournal.countsOnly()).market(20_000, 5).start();
        FeedClient client = connect(simulator)) {
      client.subscribe(SYMBOLS);
      simulator.awaitSubscribed(Set.of(SYMBOLS), SOON);
      await().atMost(SOON).until(() -> simulator.sentCount() > 20_000);
      // Processor time, because wall time depends on the load of the machine.
      long ticksBefore = simulator.sentCount();
      long cpuBefore = senderCpuNanos();
      await().atMost(SOON).until(() -> simulator.sentCount() > ticksBefore + 30_000);
      simulator.pauseSending();
      double seconds = (senderCpuNanos() - cpuBefore) / 1e9;
      assertThat((simulator.sentCount() - ticksBefore) / seconds).isGreaterThan(20_000);
    }
  }

  private static long senderCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.dumpAllThreads(false, false))
        .filter(thread -> thread.getThreadName().startsWith("finnhub-simulator-sender"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
        .filter(nanos -> nanos >= 0)
        .sum();
  }

  @Test
  void aBurstMultipliesTheRateForAWhile() throws Exception {
    try (FinnhubSimulator simulator =
            FinnhubSimulator.builder().market(50, 5).marketInterval(Duration.ofMillis(50)).start();
        FeedClient client = connect(simulator)) {
      client.subscribe(SYMBOLS);
      simulator.awaitSubscribed(Set.of(SYMBOLS), SOON);
      simulator.faults().burst(100, Duration.ofSeconds(1));
      await().atMost(SOON).until(() -> simulator.sentCount() > 2_500);
    }
  }
}
