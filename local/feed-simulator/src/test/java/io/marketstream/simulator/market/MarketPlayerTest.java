package io.marketstream.simulator.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarketPlayerTest {
  private static final Set<String> SYMBOLS = Set.of("AAPL");
  private static final int RATE = 1_000;

  /** The additional ticks of 50 ms at 1,000 times the rate. */
  private static final int OF_THE_BURST = 999 * RATE / 20;

  /** A call catches up two seconds at most, however late it comes. */
  private static final int OF_A_CALL = 2 * RATE;

  private final MarketPlayer player = new MarketPlayer(new OneMessage(), RATE, Clock.systemUTC());

  @Test
  void aBurstBetweenTwoCallsTicksAtTheNextCall() throws Exception {
    player.play(SYMBOLS);
    player.burst(1_000, Duration.ofMillis(50));
    Thread.sleep(70);

    assertThat(played()).isBetween(OF_THE_BURST, OF_THE_BURST + OF_A_CALL);
    assertThat(played()).as("it is over").isLessThanOrEqualTo(OF_A_CALL);
  }

  @Test
  void aBurstOverSeveralCallsBringsNoMoreAndNoLess() throws Exception {
    player.play(SYMBOLS);
    player.burst(1_000, Duration.ofMillis(50));
    int played = 0;
    for (int call = 0; call < 5; call++) {
      Thread.sleep(15);
      played += played();
    }

    assertThat(played).isBetween(OF_THE_BURST, OF_THE_BURST + 5 * OF_A_CALL);
  }

  private int played() {
    return player.play(SYMBOLS).stream().mapToInt(List::size).sum();
  }

  /** Puts all ticks that are due into one message. */
  private static final class OneMessage implements Market {
    @Override
    public void use(Set<String> symbols) {
      // each symbol has a tick
    }

    @Override
    public List<List<? extends SimTick>> next(int ticks, long fromMs, long toMs) {
      return List.of(Collections.nCopies(ticks, new SimPrice("AAPL", "1")));
    }
  }
}
