package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.config.ConfigTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigDocumentationTest {

  private static final Path PAGE =
      Path.of(System.getProperty("marketstream.root"), "docs", "connectors", "coincap.md");
  private static final String BEGIN = "<!-- configuration: generated, do not edit -->\n";
  private static final String END = "<!-- end of configuration -->";

  /** To bring the page up to date: {@code mvn test -Dmarketstream.docs.write=true}. */
  @Test
  void thePageShowsTheConfigurationAsItIs() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    String table = ConfigTable.markdown(CoinCapSourceConfig.definition());
    if (Boolean.getBoolean("marketstream.docs.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + table + page.substring(end));
    } else {
      assertThat(page.substring(begin, end))
          .as("docs/connectors/coincap.md; -Dmarketstream.docs.write=true brings it up to date")
          .isEqualTo(table);
    }
  }
}
