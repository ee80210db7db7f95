package io.marketstream.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What all seasons of a run came to.
 *
 * @param run which run: that of one Maven build, over all its tests
 */
record FaultReport(String run, List<SeasonResult> seasons) {
  FaultReport {
    seasons = List.copyOf(seasons);
  }

  FaultReport plus(SeasonResult season) {
    List<SeasonResult> all = new ArrayList<>(seasons);
    all.add(season);
    return new FaultReport(run, all);
  }

  List<Round> rounds() {
    return seasons.stream().flatMap(season -> season.rounds().stream()).toList();
  }

  /** How many rounds there were to be, those of seasons that were skipped included. */
  int planned() {
    return seasons.stream().mapToInt(SeasonResult::planned).sum();
  }

  Account account() {
    return seasons.stream().map(SeasonResult::account).reduce(Account.NONE, Account::plus);
  }

  /** By kind of fault, in alphabetical order. */
  Map<String, RecoveryTimes> recoveries() {
    Map<String, List<Long>> millis =
        rounds().stream()
            .collect(
                Collectors.groupingBy(
                    Round::fault,
                    TreeMap::new,
                    Collectors.mapping(Round::recoveryMs, Collectors.toList())));
    Map<String, RecoveryTimes> times = new TreeMap<>();
    millis.forEach((kind, all) -> times.put(kind, RecoveryTimes.of(all)));
    return times;
  }

  /** What was skipped proves nothing, either way. */
  boolean isGreen() {
    List<SeasonResult> played = seasons.stream().filter(season -> !season.isSkipped()).toList();
    return !played.isEmpty() && played.stream().allMatch(SeasonResult::isGreen);
  }
}
