package io.marketstream.simulator.market;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Picks which instrument ticks next, by weight. Not thread-safe. */
public final class SymbolPicker {

  private final double[] cumulated;
  private final SplittableRandom random;

  /** A picker among these, which must not be empty. */
  public SymbolPicker(List<Instrument> instruments, SplittableRandom random) {
    this.random = random;
    cumulated = new double[instruments.size()];
    double sum = 0;
    for (int i = 0; i < cumulated.length; i++) {
      sum += instruments.get(i).weight();
      cumulated[i] = sum;
    }
  }

  /** The index of the next one. */
  public int next() {
    double point = random.nextDouble() * cumulated[cumulated.length - 1];
    int found = Arrays.binarySearch(cumulated, point);
    return Math.min(found < 0 ? -found - 1 : found + 1, cumulated.length - 1);
  }
}
