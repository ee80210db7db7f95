package io.marketstream.feed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TickNumberingTest {

  @Test
  void eachSymbolCountsFromZeroInEachSession() {
    TickNumbering numbering = new TickNumbering(0);
    assertThat(numbering.openSession(1_000)).isEqualTo(1_000);
    assertThat(numbering.number("A")).isZero();
    assertThat(numbering.number("A")).isEqualTo(1);
    assertThat(numbering.number("B")).isZero();

    numbering.openSession(2_000);
    assertThat(numbering.number("A")).isZero();
    assertThat(numbering.number("B")).isZero();
  }

  @Test
  void peekingUsesNoNumberUp() {
    TickNumbering numbering = new TickNumbering(0);
    numbering.openSession(1_000);
    assertThat(numbering.peek("A")).isZero();
    numbering.number("A");
    numbering.commit(1_100, 100);
    assertThat(numbering.peek("A")).isEqualTo(1);
    assertThat(numbering.peek("A")).isEqualTo(1);
    assertThat(numbering.number("A")).isEqualTo(1);
  }

  @Test
  void aNumberIsUsedUpOnlyByWhatReachedTheBuffer() {
    TickNumbering numbering = new TickNumbering(0);
    numbering.openSession(1_000);
    numbering.number("A");
    numbering.commit(1_100, 100);
    numbering.number("A");
    numbering.number("A");
    numbering.number("B");
    assertThat(numbering.peek("A")).isEqualTo(1);
    assertThat(numbering.peek("B")).isZero();
    assertThat(numbering.lastTick("A")).isEqualTo(new TickNumbering.LastTick(1_100, 100));
    assertThat(numbering.lastTick("B")).isNull();
    numbering.commit(1_200, 200);
    assertThat(numbering.peek("A")).isEqualTo(3);
    assertThat(numbering.peek("B")).isEqualTo(1);
  }

  @Test
  void sessionsIncreaseDespiteClockSteps() {
    TickNumbering numbering = new TickNumbering(5_000);
    assertThat(numbering.session()).isEqualTo(5_000);
    assertThat(numbering.openSession(4_000)).isEqualTo(5_001);
    assertThat(numbering.openSession(5_001)).isEqualTo(5_002);
    assertThat(numbering.openSession(9_000)).isEqualTo(9_000);
    assertThat(numbering.session()).isEqualTo(9_000);
  }
}
