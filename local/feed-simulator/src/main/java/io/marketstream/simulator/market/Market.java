package io.marketstream.simulator.market;

import java.util.List;
import java.util.Set;

/** Creates the ticks of a simulated market. Used by one thread. */
public interface Market {

  /** Sets which symbols tick from now on. A symbol that returns continues its series. */
  void use(Set<String> symbols);

  /**
   * The next messages.
   *
   * @param ticks how many ticks the messages contain together
   * @param fromMs Unix milliseconds of the previous call
   * @param toMs now, Unix milliseconds
   */
  List<List<? extends SimTick>> next(int ticks, long fromMs, long toMs);
}
