package io.marketstream.finnhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.harness.RunningTask;
import io.marketstream.simulator.fault.HandshakeFault;
import io.marketstream.simulator.finnhub.FinnhubSimulator;
import io.marketstream.simulator.market.SimTrade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the real task against the simulated feed, on a clock that steps while it runs. */
@Timeout(120)
class ClockStepsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration IDLE = Duration.ofSeconds(4);
  private static final List<String> SYMBOLS = List.of("AAPL", "MSFT", "QUIET");
  private static final List<Duration> STEPS =
      List.of(
          Duration.ofHours(1),
          Duration.ofHours(-1),
          Duration.ofSeconds(-40),
          Duration.ofMillis(-300),
          Duration.ofMillis(300));

  private final SteppingClock clock = new SteppingClock();
  private final Map<String, String> properties = new HashMap<>();
  private final List<RunningTask> tasks = new ArrayList<>();
  private RunningTask.Offsets offsets = new RunningTask.Offsets();
  private FinnhubSimulator feed;
  private RunningTask task;
  private int price;

  @BeforeEach
  void startFeed() {
    feed = FinnhubSimulator.builder().pingInterval(Duration.ofMillis(200)).start();
    properties.put("finnhub.token", FinnhubSimulator.DEFAULT_TOKEN);
    properties.put("finnhub.symbols", String.join(",", SYMBOLS));
    properties.put("finnhub.websocket.url", feed.url());
    properties.put("finnhub.subscribe.interval.ms", "1");
    properties.put("idle.timeout.ms", String.valueOf(IDLE.toMillis()));
    properties.put("heartbeat.interval.ms", "0"); // tests of heartbeats enable them
    properties.put("reconnect.backoff.ms", "20");
    properties.put("reconnect.backoff.max.ms", "50");
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (RunningTask started : tasks) {
      started.stop();
    }
    feed.close();
  }

  private void start() throws Exception {
    long before = feed.connectionCount();
    task = new RunningTask(new FinnhubSourceTask(clock), properties, offsets);
    tasks.add(task);
    awaitConnection(before + 1);
    if (tasks.size() > 1) {
      task.await("the end of the restart's gaps", t -> closed(t).containsAll(SYMBOLS));
    }
  }

  private static Set<String> closed(RunningTask task) {
    Set<String> symbols = new HashSet<>();
    for (Struct gap : task.gaps()) {
      if (gap.get("gap_end") != null) {
        symbols.add(gap.getString("symbol"));
      }
    }
    return symbols;
  }

  /**
   * Waits until this is the feed's only connection. The feed may notice the end of the previous one
   * late.
   */
  private void awaitConnection(long number) throws Exception {
    Awaitility.await("connection " + number)
        .atMost(SOON)
        .until(() -> feed.connectionCount() == number && feed.connected() == 1);
    feed.awaitSubscribed(SYMBOLS, SOON);
  }

  /** Sends a trade of each symbol in one message and waits until the worker has them. */
  private void send(List<String> symbols) throws Exception {
    int expected = task.ticks().size() + symbols.size();
    feed.send(
        symbols.stream()
            .map(symbol -> SimTrade.of(symbol, "10." + price++, "1", clock.millis(), "1"))
            .toList());
    task.await("the trades", t -> t.ticks().size() == expected);
  }

  private void reconnect(Duration step) throws Exception {
    long before = feed.connectionCount();
    feed.faults().failHandshakes(1_000, HandshakeFault.status(503)); // the clock is set meanwhile
    feed.faults().drop();
    task.await("the gap", t -> openGaps(t).size() == SYMBOLS.size());
    clock.step(step);
    feed.faults().healHandshakes();
    awaitConnection(before + 1);
    task.await("recovery", t -> openGaps(t).isEmpty());
  }

  private static Set<List<Object>> openGaps(RunningTask task) {
    Set<List<Object>> open = new HashSet<>();
    for (Struct gap : task.gaps()) {
      if (gap.get("gap_end") == null) {
        open.add(identity(gap));
      } else {
        open.remove(identity(gap));
      }
    }
    return open;
  }

  private static List<Object> identity(Struct gap) {
    return List.of(
        gap.get("symbol"),
        gap.get("gap_start"),
        gap.get("session_before"),
        gap.get("first_missing"));
  }

  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  private static long ms(Struct value, String field) {
    return ((Date) value.get(field)).getTime();
  }

  private List<Struct> ticks() {
    return tasks.stream().flatMap(t -> t.ticks().stream()).toList();
  }

  private List<Struct> gaps() {
    return tasks.stream().flatMap(t -> t.gaps().stream()).toList();
  }

  @Test
  void numbersAndGapsSurviveClockSteps() throws Exception {
    long seed = Long.getLong("marketstream.seed", 20261125L);
    System.out.println("ClockStepsTest seed " + seed);
    Random random = new Random(seed);
    properties.put("idle.timeout.ms", "20000"); // shorter than a step, longer than a busy machine
    start();
    for (int round = 0; round < 12; round++) {
      send(SYMBOLS.subList(0, 1 + random.nextInt(SYMBOLS.size())));
      Duration step = STEPS.get(random.nextInt(STEPS.size()));
      switch (random.nextInt(4)) {
        case 0 -> clock.step(step); // while it is connected
        case 1 -> reconnect(step);
        case 2 -> {
          task.stop();
          clock.step(step);
          start();
        }
        default -> {
          // kill -9: later ticks are delivered, and their offsets are not stored.
          offsets = offsets.copy();
          send(SYMBOLS.subList(0, 2));
          task.stop();
          clock.step(step);
          start();
        }
      }
    }
    send(SYMBOLS);

    long session = 0;
    Map<String, Long> last = new HashMap<>();
    for (Struct tick : ticks()) {
      assertThat(tick.getInt64("session")).as("seed %d", seed).isGreaterThanOrEqualTo(session);
      if (tick.getInt64("session") > session) {
        session = tick.getInt64("session");
        last.clear();
      }
      assertThat(tick.getInt64("sequence"))
          .as("of %s, seed %d", tick, seed)
          .isEqualTo(last.merge(tick.getString("symbol"), 0L, (before, none) -> before + 1));
    }
    assertThat(ticks()).as("nothing was lost here").hasSize(feed.sent().size());
    assertThat(gaps())
        .filteredOn(gap -> gap.get("gap_end") != null)
        .isNotEmpty()
        .allSatisfy(gap -> assertThat(ms(gap, "gap_start")).isLessThanOrEqualTo(ms(gap, "gap_end")))
        .allSatisfy(
            gap ->
                assertThat(gap.getInt64("session_before"))
                    .isLessThan(gap.getInt64("session_after")));
    assertThat(gaps())
        .as("no clock step counts as silence")
        .noneMatch(gap -> gap.getString("cause").equals("STALLED"));
    assertThat(openGaps(task)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {3_600, -3_600})
  void clockStepDoesNotAffectTheIdleTimeout(long seconds) throws Exception {
    start();
    send(SYMBOLS);
    clock.step(Duration.ofSeconds(seconds));
    Thread.sleep(IDLE.plusMillis(500).toMillis()); // pings continue
    assertThat(task.gaps()).isEmpty();

    long silent = System.nanoTime();
    feed.faults().stall();
    clock.step(Duration.ofSeconds(seconds));
    task.await("the gap", t -> t.gaps().size() >= SYMBOLS.size());
    assertThat(Duration.ofNanos(System.nanoTime() - silent))
        .isBetween(IDLE.minusSeconds(2), IDLE.plusSeconds(10));
    assertThat(task.gaps()).allMatch(gap -> gap.getString("cause").equals("STALLED"));
  }

  @Test
  void gapCoversTheOutageAfterAStepBack() throws Exception {
    start();
    send(SYMBOLS);
    clock.step(Duration.ofHours(-1));
    final long before = clock.millis();
    feed.faults().drop();
    task.await("recovery", t -> t.gaps().size() == 2 * SYMBOLS.size());
    long after = clock.millis();

    assertThat(task.gaps())
        .filteredOn(gap -> gap.get("gap_end") != null)
        .hasSize(SYMBOLS.size())
        .allSatisfy(
            gap -> {
              // The last ping arrived at most 200 ms ago, or somewhat earlier on a busy machine.
              assertThat(ms(gap, "gap_start")).isBetween(before - 2_000, after);
              assertThat(ms(gap, "gap_end")).isBetween(before, after);
            });
  }

  @Test
  void restartGapStartsInTimeAfterAStepBack() throws Exception {
    start();
    send(SYMBOLS);
    task.stop();
    clock.step(Duration.ofHours(-1));
    final long restarted = clock.millis();
    start();
    task.await("recovery", t -> t.gaps().size() == 2 * SYMBOLS.size());
    long after = clock.millis();

    assertThat(task.gaps())
        .filteredOn(gap -> gap.get("gap_end") != null)
        .allSatisfy(
            gap -> {
              assertThat(ms(gap, "gap_start")).isBetween(restarted, after);
              assertThat(ms(gap, "gap_end")).isBetween(ms(gap, "gap_start"), after);
            });
  }
}
