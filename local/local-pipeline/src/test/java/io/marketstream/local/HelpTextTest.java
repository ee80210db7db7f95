package io.marketstream.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The script shows these files if nothing is built yet. */
class HelpTextTest {
  private static final Path HELP =
      Path.of(System.getProperty("marketstream.root"), "local/local-pipeline/src/main/help");

  private final CommandLine commandLine =
      MarketStream.commandLine(System.out, System.err, Path.of(""), Map.of())
          .setUsageHelpAutoWidth(false);

  /** {@code -Dmarketstream.docs.write=true} writes the file. */
  @Test
  void theScriptsHelpOfUpIsThatOfTheProgram() throws Exception {
    String expected =
        commandLine.getSubcommands().get("up").getUsageMessage(CommandLine.Help.Ansi.OFF);
    Path file = HELP.resolve("up.txt");
    if (Boolean.getBoolean("marketstream.docs.write")) {
      Files.createDirectories(HELP);
      Files.writeString(file, expected);
    }
    assertThat(file)
        .as("write it with -Dmarketstream.docs.write=true")
        .content()
        .isEqualTo(expected);
  }

  @Test
  void theScriptsHelpNamesEveryCommand() {
    assertThat(HELP.resolve("market-stream.txt"))
        .content()
        .contains("Usage: market-stream [-h] [COMMAND]")
        .contains(commandLine.getSubcommands().keySet())
        .contains("audit", "export", "status", "bench");
  }
}
