package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
  private static final FaultShare FEED = new FaultShare("feed", 2);
  private static final FaultShare BROKER = new FaultShare("broker", 1);
  private static final Map<String, List<Fault>> FAULTS =
      Map.of(
          "feed", faults("feed", 5),
          "broker", faults("broker", 3),
          "worker", faults("worker", 3));

  @Test
  void theSameSeedGivesTheSameSchedule() {
    assertThat(kinds(schedule(7, 40), 0)).isEqualTo(kinds(schedule(7, 40), 0));
    assertThat(kinds(schedule(7, 40), 0)).isNotEqualTo(kinds(schedule(8, 40), 0));
    assertThat(pauses(schedule(7, 40), 0)).isEqualTo(pauses(schedule(7, 40), 0));
  }

  /** One that broke off, or did not start, took less from the schedule than was planned. */
  @Test
  void aSeasonIsTheSameWhateverBecameOfEarlierOnes() {
    FaultSchedule played = schedule(7, 4);
    for (int season = 0; season < 3; season++) {
      played.of(season, FAULTS);
      played.members(season).nextInt(3);
    }
    FaultSchedule fresh = schedule(7, 4);

    assertThat(kinds(fresh, 3)).isEqualTo(kinds(played, 3));
    assertThat(pauses(fresh, 3)).isEqualTo(pauses(played, 3));
    assertThat(members(fresh, 3)).isEqualTo(members(played, 3));
  }

  @Test
  void aShorterSeasonIsTheBeginningOfALongerOne() {
    assertThat(kinds(schedule(7, 40), 0))
        .startsWith(kinds(schedule(7, 4), 0).toArray(String[]::new));
    assertThat(pauses(schedule(7, 40), 0))
        .startsWith(pauses(schedule(7, 4), 0).toArray(Long[]::new));
  }

  @Test
  void seasonsDifferInOrderPausesAndMembers() {
    FaultSchedule schedule = schedule(7, 40);

    assertThat(kinds(schedule, 1)).isNotEqualTo(kinds(schedule, 0));
    assertThat(pauses(schedule, 1)).isNotEqualTo(pauses(schedule, 0));
    assertThat(members(schedule, 1)).isNotEqualTo(members(schedule, 0));
  }

  @Test
  void everyKindStrikesBeforeOneStrikesAgainAlsoOverSeasons() {
    FaultSchedule schedule = schedule(7, 3);
    List<String> kinds = new ArrayList<>();
    for (int season = 0; season < 5; season++) {
      kinds.addAll(kinds(schedule, season));
    }

    assertThat(kinds.stream().filter(kind -> kind.startsWith("feed")))
        .containsExactlyInAnyOrder(
            "feed 0", "feed 1", "feed 2", "feed 3", "feed 4", "feed 0", "feed 1", "feed 2",
            "feed 3", "feed 4");
    assertThat(kinds.stream().filter(kind -> kind.startsWith("broker")).distinct()).hasSize(3);
  }

  @Test
  void everyCycleStrikesEveryPartAsOftenAsItsShare() {
    List<String> kinds = kinds(schedule(7, 30), 0);

    for (int begin = 0; begin < kinds.size(); begin += 3) {
      assertThat(kinds.subList(begin, begin + 3))
          .extracting(kind -> kind.split(" ")[0])
          .containsExactlyInAnyOrder("feed", "feed", "broker");
    }
  }

  /** Seasons whose last cycle is cut, of two kinds that share a part and have one of their own. */
  @Test
  void decksAreDealtToTheirEndOverCutSeasonsOfSeveralKinds() {
    FaultSchedule schedule =
        new FaultSchedule(
            7, 4, List.of(List.of(FEED, BROKER), List.of(FEED, new FaultShare("worker", 1))));
    List<String> kinds = new ArrayList<>();
    for (int season = 0; season < 40; season++) {
      kinds.addAll(kinds(schedule, season));
    }

    FAULTS.forEach(
        (part, faults) -> {
          List<String> struck = kinds.stream().filter(kind -> kind.startsWith(part)).toList();
          for (int begin = 0; begin + faults.size() <= struck.size(); begin += faults.size()) {
            assertThat(struck.subList(begin, begin + faults.size()))
                .containsExactlyInAnyOrderElementsOf(faults.stream().map(Fault::kind).toList());
          }
        });
  }

  private static FaultSchedule schedule(long seed, int rounds) {
    return new FaultSchedule(seed, rounds, List.of(List.of(FEED, BROKER)));
  }

  private static List<String> kinds(FaultSchedule schedule, int season) {
    return schedule.of(season, FAULTS).stream().map(next -> next.fault().kind()).toList();
  }

  private static List<Long> pauses(FaultSchedule schedule, int season) {
    return schedule.of(season, FAULTS).stream().map(ScheduledFault::pauseMs).toList();
  }

  private static List<Integer> members(FaultSchedule schedule, int season) {
    return schedule.members(season).ints(20, 0, 3).boxed().toList();
  }

  private static List<Fault> faults(String part, int count) {
    return IntStream.range(0, count).mapToObj(i -> new Fault(part + " " + i, () -> {})).toList();
  }
}
