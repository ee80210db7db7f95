package io.marketstream.simulator;

import java.util.List;
import java.util.Set;

/** What a feed would send if its market were open. Used by one thread. */
interface Market {

  /** Sets which symbols tick from now on; the walks of those that did before go on. */
  void use(Set<String> symbols);

  /**
   * The next messages.
   *
   * @param ticks how many ticks they hold together
   * @param fromMs Unix milliseconds at which the messages before these were made
   * @param toMs now, Unix milliseconds
   */
  List<List<? extends SimTick>> next(int ticks, long fromMs, long toMs);
}
