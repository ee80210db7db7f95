package io.marketstream.benchmarks.run;

import io.marketstream.benchmarks.contender.BenchTick;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of ticks as their number and a sum over their content, independent of their order. Two sets
 * with the same number and sum are equal, except for a chance of one in 2^64. Only one thread may
 * add ticks.
 */
final class TickSet {
  private long count;
  private long sum;
  private final Map<Integer, BenchTick> last = new TreeMap<>();

  void add(BenchTick tick) {
    count++;
    sum += fingerprint(tick);
    last.merge(tick.symbol(), tick, (a, b) -> a.sequence() > b.sequence() ? a : b);
  }

  long count() {
    return count;
  }

  /** The newest tick of each symbol. */
  Map<Integer, BenchTick> last() {
    return last;
  }

  /** Whether both hold the same ticks, each once. */
  boolean isSameAs(TickSet other) {
    return count == other.count && sum == other.sum;
  }

  private static long fingerprint(BenchTick tick) {
    return mix(mix(mix(tick.symbol()) + tick.sequence()) + tick.time());
  }

  /** The finalizer of SplitMix64: each bit of the input changes half of the output's. */
  private static long mix(long value) {
    long mixed = value + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  @Override
  public String toString() {
    return count + " ticks of " + last.size() + " symbols";
  }
}
