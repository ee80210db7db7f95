package io.marketstream.pipeline.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What strikes, in which order: a function of the seed and of what there is to draw from. Goes on
 * from season to season, so that rare kinds come as well.
 */
final class FaultSchedule {
  private final Random random;
  private final Map<String, Deque<String>> decks = new HashMap<>();

  FaultSchedule(long seed) {
    this.random = new Random(seed);
  }

  /** The next so many faults. */
  List<Fault> next(List<FaultGroup> groups, int count) {
    List<Fault> schedule = new ArrayList<>();
    while (schedule.size() < count) {
      List<Fault> cycle = new ArrayList<>();
      for (FaultGroup group : groups) {
        for (int i = 0; i < group.perCycle(); i++) {
          cycle.add(draw(group));
        }
      }
      Collections.shuffle(cycle, random);
      schedule.addAll(cycle);
    }
    return schedule.subList(0, count);
  }

  /** How long the pipeline runs undisturbed before a strike, so that these meet it anywhere, ms. */
  long pauseMs() {
    return random.nextInt(3_000);
  }

  private Fault draw(FaultGroup group) {
    Deque<String> deck = decks.computeIfAbsent(group.part(), unseen -> new ArrayDeque<>());
    if (deck.isEmpty()) {
      List<String> kinds = new ArrayList<>(group.faults().stream().map(Fault::kind).toList());
      Collections.shuffle(kinds, random);
      deck.addAll(kinds);
    }
    String kind = deck.remove();
    return group.faults().stream()
        .filter(fault -> fault.kind().equals(kind))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(group.part() + " has no " + kind + " now"));
  }
}
