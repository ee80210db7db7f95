package io.marketstream.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * What every simulator can be told before it starts. Without a market it is in manual mode.
 *
 * @param <B> the feed's own builder
 */
public abstract sealed class FeedSimulatorBuilder<B extends FeedSimulatorBuilder<B>>
    permits FinnhubSimulator.Builder, CoinCapSimulator.Builder {

  int port;
  Clock clock = Clock.systemUTC();
  TickJournal journal = TickJournal.inMemory();
  double ticksPerSecond;
  long seed;
  Set<String> credentials;
  Duration marketInterval;
  SlowReaders slowReaders = SlowReaders.KEPT;

  FeedSimulatorBuilder(String credential, Duration marketInterval) {
    this.credentials = Set.of(credential);
    this.marketInterval = marketInterval;
  }

  abstract B self();

  /** The port on 127.0.0.1; 0, the default, takes a free one. */
  public B port(int newPort) {
    port = newPort;
    return self();
  }

  /** The clock of the market's event times and of the journal. */
  public B clock(Clock newClock) {
    clock = Objects.requireNonNull(newClock);
    return self();
  }

  /** Where ticks are recorded; the default keeps all of them in memory. */
  public B journal(TickJournal newJournal) {
    journal = Objects.requireNonNull(newJournal);
    return self();
  }

  /**
   * Plays a market of the subscribed symbols.
   *
   * @param newTicksPerSecond over all symbols together
   * @param newSeed makes each symbol's series of prices and volumes; printed to the log
   */
  public B market(double newTicksPerSecond, long newSeed) {
    if (!(newTicksPerSecond > 0)) {
      throw new IllegalArgumentException("A market needs a rate above 0, not " + newTicksPerSecond);
    }
    ticksPerSecond = newTicksPerSecond;
    seed = newSeed;
    return self();
  }

  /** What happens to clients that do not read; by default they are kept. */
  public B slowReaders(SlowReaders newSlowReaders) {
    slowReaders = Objects.requireNonNull(newSlowReaders);
    return self();
  }

  /** How often a market's messages go out: the default is the feed's own pace. */
  public B marketInterval(Duration newInterval) {
    marketInterval = Objects.requireNonNull(newInterval);
    return self();
  }
}
