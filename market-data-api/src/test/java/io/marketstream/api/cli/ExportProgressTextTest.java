package io.marketstream.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.api.export.DataKind;
import io.marketstream.api.market.Instrument;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportProgressTextTest {
  private final StringWriter text = new StringWriter();
  private long now;

  @Test
  void aPipeGetsALineEveryFiveSeconds() {
    export(false);

    assertThat(text.toString().lines())
        .containsExactly(
            " 25 %, 0 of 2 files, 1,024 rows, 205/s, now ticks finnhub:AAPL 2026-11-29".strip(),
            " 50 %, 1 of 2 files, 1,024 rows, 102/s, now gaps finnhub:AAPL 2026-11-29".strip());
  }

  @Test
  void aTerminalGetsABarThatMovesInOneLine() {
    export(true);

    assertThat(List.of(text.toString().split("\r")))
        .contains(
            "[#####---------------]  25 %, 0 of 2 files, 1,024 rows, 205/s  ticks finnhub:AA"
                + "\u001b[K")
        .allMatch(line -> line.replace("\u001b[K", "").length() <= 79)
        .last()
        .isEqualTo("\u001b[K");
    assertThat(text.toString()).doesNotContain("\n");
  }

  /** Two files of two steps: five seconds for the second step of each. */
  private void export(boolean isTerminal) {
    ExportProgressText progress =
        new ExportProgressText(new PrintWriter(text, true), isTerminal, () -> now);
    Instrument apple = new Instrument("finnhub", "AAPL");
    LocalDate day = LocalDate.parse("2026-11-29");
    progress.begins(2, 4);
    progress.file(DataKind.TICKS, apple, day);
    progress.stepDone();
    for (int i = 0; i < 1_023; i++) {
      progress.row();
    }
    now = Duration.ofSeconds(5).toNanos();
    progress.row();
    progress.stepDone();
    progress.fileDone();
    progress.file(DataKind.GAPS, apple, day);
    now = Duration.ofSeconds(10).toNanos() + 1;
    progress.file(DataKind.GAPS, apple, day);
    progress.stepDone();
    progress.fileDone();
    progress.ended();
  }
}
