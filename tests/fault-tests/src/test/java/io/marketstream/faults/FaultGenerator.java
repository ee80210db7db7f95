package io.marketstream.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * Decides which faults each run injects, in which order, and after which pauses. The seed, the
 * number of the run and the topologies determine this alone, so any run can be repeated. Each part
 * injects all of its faults once before one repeats, also across runs.
 */
final class FaultGenerator {
  private static final int MAX_PAUSE_MS = 3_000;

  private final long seed;
  private final int faultsPerRun;
  private final List<List<FaultShare>> cycles;

  /**
   * @param faultsPerRun how many faults a run has; the last run may have fewer
   * @param cycles the shares of each topology; the topologies take turns
   */
  FaultGenerator(long seed, int faultsPerRun, List<List<FaultShare>> cycles) {
    this.seed = seed;
    this.faultsPerRun = faultsPerRun;
    this.cycles = cycles.stream().map(List::copyOf).toList();
  }

  /**
   * Returns the faults of a run in their order.
   *
   * @param run from 0 on
   * @param faults by part; a part must list the same faults in the same order for every run
   */
  List<PlannedFault> faults(int run, Map<String, List<Fault>> faults) {
    Random pauses = random("pauses", run);
    List<String> parts = parts(run);
    List<PlannedFault> planned = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      int drawn = drawnBefore(run, part) + count(parts.subList(0, i), part);
      // A random pause, so that faults meet the pipeline in the middle of anything.
      planned.add(
          new PlannedFault(draw(part, drawn, faults.get(part)), pauses.nextInt(MAX_PAUSE_MS)));
    }
    return planned;
  }

  /** Chooses the members of clusters that a run's faults hit. */
  Random members(int run) {
    return random("members", run);
  }

  /** Returns the part of each fault of a run: cycle after cycle, the last one cut. */
  private List<String> parts(int run) {
    Random order = random("order", run);
    List<String> parts = new ArrayList<>();
    while (parts.size() < faultsPerRun) {
      List<String> cycle = new ArrayList<>();
      for (FaultShare share : cycles.get(run % cycles.size())) {
        cycle.addAll(Collections.nCopies(share.perCycle(), share.part()));
      }
      Collections.shuffle(cycle, order);
      parts.addAll(cycle);
    }
    return parts.subList(0, faultsPerRun);
  }

  private int drawnBefore(int run, String part) {
    int drawn = 0;
    for (int earlier = 0; earlier < run; earlier++) {
      drawn += count(parts(earlier), part);
    }
    return drawn;
  }

  /** Returns the next fault of a part. When all have been drawn, their list is shuffled again. */
  private Fault draw(String part, int drawn, List<Fault> faults) {
    List<Fault> shuffled = new ArrayList<>(faults);
    // The name is a part of the seed: with another one, the published schedules would change.
    Collections.shuffle(shuffled, random("deck of " + part, drawn / shuffled.size()));
    return shuffled.get(drawn % shuffled.size());
  }

  private static int count(List<String> parts, String part) {
    return Collections.frequency(parts, part);
  }

  /**
   * Returns a generator of random numbers for one purpose, so that no purpose takes numbers from
   * another. The seed is hashed, because neighbouring seeds would begin alike.
   */
  private Random random(String purpose, int number) {
    String name = seed + " " + purpose + " " + number;
    return new Random(
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits());
  }
}
