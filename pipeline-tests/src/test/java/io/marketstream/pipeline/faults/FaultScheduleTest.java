package io.marketstream.pipeline.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
  private static final List<FaultGroup> GROUPS =
      List.of(
          new FaultGroup("feed", 2, faults("feed", 5)),
          new FaultGroup("broker", 1, faults("broker", 3)));

  @Test
  void theSameSeedGivesTheSameSchedule() {
    assertThat(kinds(new FaultSchedule(7), 40)).isEqualTo(kinds(new FaultSchedule(7), 40));
    assertThat(kinds(new FaultSchedule(7), 40)).isNotEqualTo(kinds(new FaultSchedule(8), 40));
  }

  @Test
  void everyKindStrikesBeforeOneStrikesAgainAlsoOverSeasons() {
    FaultSchedule schedule = new FaultSchedule(7);
    List<String> kinds = new ArrayList<>();
    for (int season = 0; season < 5; season++) {
      kinds.addAll(kinds(schedule, 3));
    }

    assertThat(kinds.stream().filter(kind -> kind.startsWith("feed")))
        .containsExactlyInAnyOrder(
            "feed 0", "feed 1", "feed 2", "feed 3", "feed 4", "feed 0", "feed 1", "feed 2",
            "feed 3", "feed 4");
    assertThat(kinds.stream().filter(kind -> kind.startsWith("broker")).distinct()).hasSize(3);
  }

  private static List<String> kinds(FaultSchedule schedule, int count) {
    return schedule.next(GROUPS, count).stream().map(Fault::kind).toList();
  }

  private static List<Fault> faults(String part, int count) {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      faults.add(new Fault(part + " " + i, () -> {}));
    }
    return faults;
  }
}
