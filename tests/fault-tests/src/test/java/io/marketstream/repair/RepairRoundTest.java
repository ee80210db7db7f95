package io.marketstream.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.repair.RepairRound.Victim;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The seed and the number determine a round, and the short form has every fault of the history. */
class RepairRoundTest {

  private static List<RepairRound> rounds(long seed, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> RepairRound.of(seed, number))
        .toList();
  }

  @Test
  void aRoundCanBeRepeatedAlone() {
    assertThat(RepairRound.of(7, 42)).isEqualTo(rounds(7, 42).get(41));
    assertThat(rounds(7, 10)).isNotEqualTo(rounds(8, 10));
  }

  @Test
  void tenRoundsHaveEachFaultOfTheHistoryAndEachVictim() {
    List<RepairRound> rounds = rounds(7, 10);

    assertThat(rounds)
        .extracting(RepairRound::victim)
        .containsOnlyOnce(Victim.WORKER, Victim.BROKER);
    assertThat(rounds)
        .extracting(round -> round.history().getClass().getSimpleName())
        .contains("RateLimited", "Failing", "Late", "Slow", "None");
  }

  @Test
  void aHundredRoundsHaveEachLoss() {
    assertThat(rounds(7, 100).stream().flatMap(round -> round.losses().stream()))
        .extracting(loss -> loss.getClass().getSimpleName())
        .contains("InTheMiddle", "AtTheEnd", "OfAbsentIds", "OfConnection", "OfServer", "OfTask");
  }
}
