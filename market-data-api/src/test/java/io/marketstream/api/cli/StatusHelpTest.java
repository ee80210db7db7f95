package io.marketstream.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The script shows this file where nothing is built yet. */
class StatusHelpTest {
  private static final Path HELP =
      Path.of(System.getProperty("marketstream.root"), "market-data-api/src/main/help/status.txt");

  /** {@code -Dmarketstream.docs.write=true} writes the file. */
  @Test
  void theScriptsHelpIsThatOfTheProgram() throws Exception {
    String expected =
        StatusCommand.commandLine(
                new StatusCommand(Map.of(), Path.of(""), Clock.systemUTC(), false))
            .setUsageHelpAutoWidth(false)
            .getUsageMessage(CommandLine.Help.Ansi.OFF);
    if (Boolean.getBoolean("marketstream.docs.write")) {
      Files.writeString(HELP, expected);
    }
    assertThat(HELP)
        .as("write it with -Dmarketstream.docs.write=true")
        .content()
        .isEqualTo(expected);
  }
}
