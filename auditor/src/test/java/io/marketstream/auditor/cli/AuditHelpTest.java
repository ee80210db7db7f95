package io.marketstream.auditor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The script shows this file if nothing is built yet. */
class AuditHelpTest {
  private static final Path HELP =
      Path.of(System.getProperty("marketstream.root"), "auditor/src/main/help/audit.txt");

  /** {@code -Dmarketstream.docs.write=true} writes the file. */
  @Test
  void theScriptsHelpIsThatOfTheProgram() throws Exception {
    String expected =
        AuditMain.commandLine(
                new AuditCommand(System.out, Map.of(), Clock.systemUTC(), Optional.empty()))
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
