package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.config.ConfigTable;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.metrics.MetricTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** To bring the page up to date: {@code mvn test -Dmarketstream.docs.write=true}. */
class GeneratedDocumentationTest {

  private static final Path PAGE =
      Path.of(System.getProperty("marketstream.root"), "docs", "connectors", "coincap.md");

  @Test
  void thePageShowsTheConfigurationAsItIs() throws IOException {
    check("configuration", ConfigTable.markdown(CoinCapSourceConfig.definition()));
  }

  @Test
  void thePageShowsTheMetricsAsTheyAre() throws IOException {
    FeedMetrics metrics = new FeedMetrics(System::nanoTime);
    check("metrics", MetricTable.markdown(metrics.all(() -> 0, () -> 0, 0, () -> 0, 0)));
  }

  private static void check(String section, String generated) throws IOException {
    String page = Files.readString(PAGE);
    String beginMark = "<!-- " + section + ": generated, do not edit -->\n";
    int begin = page.indexOf(beginMark) + beginMark.length();
    int end = page.indexOf("<!-- end of " + section + " -->");
    if (Boolean.getBoolean("marketstream.docs.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + generated + page.substring(end));
    } else {
      assertThat(page.substring(begin, end))
          .as(PAGE + "; -Dmarketstream.docs.write=true brings it up to date")
          .isEqualTo(generated);
    }
  }
}
