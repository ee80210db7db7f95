package io.marketstream.simulator.server;

import io.marketstream.simulator.fault.SlowReaders;
import io.marketstream.simulator.journal.TickJournal;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * The settings that all simulators share. Without a market, a simulator is in manual mode.
 *
 * @param <B> the feed's own builder
 */
public abstract class FeedSimulatorBuilder<B extends FeedSimulatorBuilder<B>> {

  InetAddress host = InetAddress.getLoopbackAddress();
  int port;
  Clock clock = Clock.systemUTC();
  TickJournal journal = TickJournal.inMemory();
  double ticksPerSecond;
  protected long seed;
  protected Set<String> credentials;
  Duration marketInterval;
  SlowReaders slowReaders = SlowReaders.KEPT;

  protected FeedSimulatorBuilder(String credential, Duration marketInterval) {
    this.credentials = Set.of(credential);
    this.marketInterval = marketInterval;
  }

  protected abstract B self();

  /** The address to listen on. The default is 127.0.0.1. */
  public B host(InetAddress newHost) {
    host = Objects.requireNonNull(newHost);
    return self();
  }

  /** The port; 0, the default, takes a free one. */
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
   * @param newTicksPerSecond for all symbols together
   * @param newSeed determines the series of prices and volumes of each symbol; written to the log
   */
  public B market(double newTicksPerSecond, long newSeed) {
    if (!(newTicksPerSecond > 0)) {
      throw new IllegalArgumentException("A market needs a rate above 0, not " + newTicksPerSecond);
    }
    ticksPerSecond = newTicksPerSecond;
    seed = newSeed;
    return self();
  }

  /** What happens to clients that do not read. By default they stay connected. */
  public B slowReaders(SlowReaders newSlowReaders) {
    slowReaders = Objects.requireNonNull(newSlowReaders);
    return self();
  }

  /** How often a market sends messages. The default is the interval of the real feed. */
  public B marketInterval(Duration newInterval) {
    marketInterval = Objects.requireNonNull(newInterval);
    return self();
  }
}
