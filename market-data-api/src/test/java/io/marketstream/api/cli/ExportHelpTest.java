package io.marketstream.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The script shows this file where nothing is built yet. */
class ExportHelpTest {
  private static final Path HELP =
      Path.of(System.getProperty("marketstream.root"), "market-data-api/src/main/help/export.txt");

  /** {@code -Dmarketstream.docs.write=true} writes the file. */
  @Test
  void theScriptsHelpIsThatOfTheProgram() throws Exception {
    ExportCommand command =
        new ExportCommand(Map.of(), new CountDownLatch(1), Clock.systemUTC(), false);
    String expected =
        ExportCommand.commandLine(command, new PrintWriter(new StringWriter()))
            .setUsageHelpAutoWidth(false)
            .getUsageMessage(CommandLine.Help.Ansi.OFF);
    if (Boolean.getBoolean("marketstream.docs.write")) {
      Files.createDirectories(HELP.getParent());
      Files.writeString(HELP, expected);
    }
    assertThat(HELP)
        .as("write it with -Dmarketstream.docs.write=true")
        .content()
        .isEqualTo(expected);
  }
}
