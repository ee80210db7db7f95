package io.marketstream.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * What strikes in each season, in which order: a function of the seed, the season's number and what
 * there is to draw from. What became of other seasons has no part in it, so that any season can be
 * repeated. A part's faults are dealt from one deck over all seasons, so that rare kinds come as
 * well.
 */
final class FaultSchedule {
  private static final int LONGEST_PAUSE_MS = 3_000;

  private final long seed;
  private final int rounds;
  private final List<List<FaultShare>> cycles;

  /**
   * @param rounds of a season; the last one may be shorter
   * @param cycles what each kind of season strikes; the kinds take turns
   */
  FaultSchedule(long seed, int rounds, List<List<FaultShare>> cycles) {
    this.seed = seed;
    this.rounds = rounds;
    this.cycles = cycles.stream().map(List::copyOf).toList();
  }

  /**
   * A season's faults in their order.
   *
   * @param season from 0 on
   * @param faults of each part, the same kinds in the same order whenever the part is struck
   */
  List<ScheduledFault> of(int season, Map<String, List<Fault>> faults) {
    Random pauses = random("pauses", season);
    List<String> parts = parts(season);
    List<ScheduledFault> schedule = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      int dealt = dealtBefore(season, part) + count(parts.subList(0, i), part);
      // Strikes meet the pipeline anywhere in what it does.
      schedule.add(
          new ScheduledFault(
              card(part, dealt, faults.get(part)), pauses.nextInt(LONGEST_PAUSE_MS)));
    }
    return schedule;
  }

  /** Decides which of a cluster's members a season's faults strike. */
  Random members(int season) {
    return random("members", season);
  }

  /** Whose faults strike in a season: cycle after cycle, the last one cut. */
  private List<String> parts(int season) {
    Random order = random("order", season);
    List<String> parts = new ArrayList<>();
    while (parts.size() < rounds) {
      List<String> cycle = new ArrayList<>();
      for (FaultShare share : cycles.get(season % cycles.size())) {
        cycle.addAll(Collections.nCopies(share.perCycle(), share.part()));
      }
      Collections.shuffle(cycle, order);
      parts.addAll(cycle);
    }
    return parts.subList(0, rounds);
  }

  private int dealtBefore(int season, String part) {
    int dealt = 0;
    for (int earlier = 0; earlier < season; earlier++) {
      dealt += count(parts(earlier), part);
    }
    return dealt;
  }

  /** The fault that is dealt after so many: each deck is dealt to its end, then shuffled anew. */
  private Fault card(String part, int dealt, List<Fault> faults) {
    List<Fault> deck = new ArrayList<>(faults);
    Collections.shuffle(deck, random("deck of " + part, dealt / deck.size()));
    return deck.get(dealt % deck.size());
  }

  private static int count(List<String> parts, String part) {
    return Collections.frequency(parts, part);
  }

  /** One for each purpose, so that none takes numbers from another; hashed, as near seeds agree. */
  private Random random(String purpose, int number) {
    String name = seed + " " + purpose + " " + number;
    return new Random(
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits());
  }
}
