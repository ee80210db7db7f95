package io.marketstream.feed.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.config.ConfigTable;
import io.marketstream.feed.metrics.FeedMetrics;
import io.marketstream.feed.metrics.MetricTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/**
 * Compares the tables of a connector's page with the code. To update the page, run {@code mvn test
 * -Dmarketstream.docs.write=true}.
 */
public abstract class GeneratedDocumentationContract {

  private final Path page;
  private final ConfigDef definition;

  /**
   * @param page the name of the file in docs/connectors
   */
  protected GeneratedDocumentationContract(String page, ConfigDef definition) {
    this.page = Path.of(System.getProperty("marketstream.root"), "docs", "connectors", page);
    this.definition = definition;
  }

  @Test
  void pageShowsTheConfiguration() throws IOException {
    check("configuration", ConfigTable.markdown(definition));
  }

  @Test
  void pageShowsTheMetrics() throws IOException {
    FeedMetrics metrics = new FeedMetrics(System::nanoTime);
    check("metrics", MetricTable.markdown(metrics.all(() -> 0, () -> 0, 0, () -> 0, 0)));
  }

  private void check(String section, String generated) throws IOException {
    String text = Files.readString(page);
    String startMark = "<!-- " + section + ": generated, do not edit -->\n";
    int start = text.indexOf(startMark) + startMark.length();
    int end = text.indexOf("<!-- end of " + section + " -->");
    if (Boolean.getBoolean("marketstream.docs.write")) {
      Files.writeString(page, text.substring(0, start) + generated + text.substring(end));
    } else {
      assertThat(text.substring(start, end))
          .as(page + "; -Dmarketstream.docs.write=true updates it")
          .isEqualTo(generated);
    }
  }
}
