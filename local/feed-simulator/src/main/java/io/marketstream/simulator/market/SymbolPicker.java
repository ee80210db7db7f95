package io.marketstream.simulator.market;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Picks the next instrument at random, by weight. Not thread-safe. */
public final class SymbolPicker {

  private final double[] cumulated;
  private final SplittableRandom random;

  /** Creates a picker for these instruments, at least one. */
  public SymbolPicker(List<Instrument> instruments, SplittableRandom random) {
    this.random = random;
    cumulated = new double[instruments.size()];
    double sum = 0;
    for (int i = 0; i < cumulated.length; i++) {
      sum += instruments.get(i).weight();
      cumulated[i] = sum;
    }
  }

  /** The index of the next instrument. */
  public int next() {
    double point = random.nextDouble() * cumulated[cumulated.length - 1];
    int found = Arrays.binarySearch(cumulated, point);
    return Math.min(found < 0 ? -found - 1 : found + 1, cumulated.length - 1);
  }
}
