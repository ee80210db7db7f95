package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultGeneratorTest {
  private static final FaultShare FEED = new FaultShare("feed", 2);
  private static final FaultShare BROKER = new FaultShare("broker", 1);
  private static final Map<String, List<Fault>> FAULTS =
      Map.of(
          "feed", faults("feed", 5),
          "broker", faults("broker", 3),
          "worker", faults("worker", 3));

  @Test
  void aSeedDeterminesTheSchedule() {
    assertThat(names(generator(7, 40), 0)).isEqualTo(names(generator(7, 40), 0));
    assertThat(names(generator(7, 40), 0)).isNotEqualTo(names(generator(8, 40), 0));
    assertThat(pauses(generator(7, 40), 0)).isEqualTo(pauses(generator(7, 40), 0));
  }

  /** A run that failed early takes fewer faults from the generator than were planned. */
  @Test
  void aRunDoesNotDependOnEarlierRuns() {
    FaultGenerator used = generator(7, 4);
    for (int run = 0; run < 3; run++) {
      used.faults(run, FAULTS);
      used.members(run).nextInt(3);
    }
    FaultGenerator fresh = generator(7, 4);

    assertThat(names(fresh, 3)).isEqualTo(names(used, 3));
    assertThat(pauses(fresh, 3)).isEqualTo(pauses(used, 3));
    assertThat(members(fresh, 3)).isEqualTo(members(used, 3));
  }

  @Test
  void aShorterRunIsTheBeginningOfALongerOne() {
    assertThat(names(generator(7, 40), 0))
        .startsWith(names(generator(7, 4), 0).toArray(String[]::new));
    assertThat(pauses(generator(7, 40), 0))
        .startsWith(pauses(generator(7, 4), 0).toArray(Long[]::new));
  }

  @Test
  void runsDifferInOrderPausesAndMembers() {
    FaultGenerator generator = generator(7, 40);

    assertThat(names(generator, 1)).isNotEqualTo(names(generator, 0));
    assertThat(pauses(generator, 1)).isNotEqualTo(pauses(generator, 0));
    assertThat(members(generator, 1)).isNotEqualTo(members(generator, 0));
  }

  @Test
  void everyFaultIsInjectedBeforeOneRepeats() {
    FaultGenerator generator = generator(7, 3);
    List<String> names = new ArrayList<>();
    for (int run = 0; run < 5; run++) {
      names.addAll(names(generator, run));
    }

    assertThat(names.stream().filter(name -> name.startsWith("feed")))
        .containsExactlyInAnyOrder(
            "feed 0", "feed 1", "feed 2", "feed 3", "feed 4", "feed 0", "feed 1", "feed 2",
            "feed 3", "feed 4");
    assertThat(names.stream().filter(name -> name.startsWith("broker")).distinct()).hasSize(3);
  }

  @Test
  void everyCycleFollowsTheShares() {
    List<String> names = names(generator(7, 30), 0);

    for (int begin = 0; begin < names.size(); begin += 3) {
      assertThat(names.subList(begin, begin + 3))
          .extracting(name -> name.split(" ", 2)[0])
          .containsExactlyInAnyOrder("feed", "feed", "broker");
    }
  }

  /**
   * The runs end in the middle of a cycle. Two topologies share a part and have one of their own.
   */
  @Test
  void sharedPartsDrawEveryFaultBeforeOneRepeats() {
    FaultGenerator generator =
        new FaultGenerator(
            7, 4, List.of(List.of(FEED, BROKER), List.of(FEED, new FaultShare("worker", 1))));
    List<String> names = new ArrayList<>();
    for (int run = 0; run < 40; run++) {
      names.addAll(names(generator, run));
    }

    FAULTS.forEach(
        (part, faults) -> {
          List<String> injected = names.stream().filter(name -> name.startsWith(part)).toList();
          for (int begin = 0; begin + faults.size() <= injected.size(); begin += faults.size()) {
            assertThat(injected.subList(begin, begin + faults.size()))
                .containsExactlyInAnyOrderElementsOf(faults.stream().map(Fault::name).toList());
          }
        });
  }

  private static FaultGenerator generator(long seed, int faultsPerRun) {
    return new FaultGenerator(seed, faultsPerRun, List.of(List.of(FEED, BROKER)));
  }

  private static List<String> names(FaultGenerator generator, int run) {
    return generator.faults(run, FAULTS).stream().map(next -> next.fault().name()).toList();
  }

  private static List<Long> pauses(FaultGenerator generator, int run) {
    return generator.faults(run, FAULTS).stream().map(PlannedFault::pauseMs).toList();
  }

  private static List<Integer> members(FaultGenerator generator, int run) {
    return generator.members(run).ints(20, 0, 3).boxed().toList();
  }

  private static List<Fault> faults(String part, int count) {
    return IntStream.range(0, count).mapToObj(i -> new Fault(part + " " + i, () -> {})).toList();
  }
}
