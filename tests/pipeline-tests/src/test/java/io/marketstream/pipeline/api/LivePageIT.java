package io.marketstream.pipeline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.cql.Row;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.marketstream.model.Tables;
import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of market-data-api in Chromium, beside a whole running pipeline with simulated feeds.
 */
@Tag("browser")
@Timeout(value = 8, unit = TimeUnit.MINUTES) // a script in a page that has crashed never returns
class LivePageIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(150);
  private static final long SEED = Long.getLong("marketstream.seed", 20261129L);
  private static final String APPLE = "source = 'finnhub-sim' AND symbol = 'AAPL'";

  @TempDir private Path home;

  @Test
  void ticksMoveThePageAndAFaultAppearsAsAGap() {
    System.out.println("LivePageIT seed " + SEED);
    try (TestPipeline pipeline =
            new TestPipeline(
                    TestStack.single(home).build(), FeedRates.withoutCoinbase(20, 10), SEED)
                .start("AAPL,MSFT", "bitcoin");
        ApiProcess api =
            new ApiProcess(pipeline.stack.cassandra, Tables.KEYSPACE, home.resolve("api.log"));
        TestBrowser browser = new TestBrowser()) {
      pipeline.awaitRows(TestPipeline.FINNHUB, 50, TIMEOUT);
      pipeline.awaitRows(TestPipeline.COINCAP, 10, TIMEOUT);
      api.start();
      Page page =
          browser.open(
              api.uri() + "#" + TestPipeline.FINNHUB + "/AAPL/1m", 1440, 900, ColorScheme.LIGHT);
      browser.awaitChart();
      browser.awaitText("#connection-text", "Live");
      assertThat(page.locator("#simulated").isVisible()).isTrue();
      assertThat(page.locator("#gaps b").count()).isZero();
      awaitMovingPrice(page);

      pipeline.finnhub.faults().drop();

      browser.awaitText("#gaps b", "Connection lost");
      browser.screenshot("live-gap");
      pipeline.pauseSending();
      awaitNewestPrice(pipeline, page);
      browser.assertQuiet();
      assertThat(cause(pipeline)).isEqualTo("CONNECTION_LOST");
    }
  }

  private static void awaitMovingPrice(Page page) {
    Set<String> prices = new HashSet<>();
    await("a third price")
        .pollInSameThread()
        .atMost(TIMEOUT)
        .until(
            () -> {
              prices.add(page.locator("#price").textContent());
              return prices.size() > 2;
            });
  }

  private static void awaitNewestPrice(TestPipeline pipeline, Page page) {
    await("the newest price in Cassandra")
        .pollInSameThread()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(page.locator("#price").textContent())
                    .isEqualTo(
                        row(pipeline, "SELECT price FROM latest_ticks WHERE " + APPLE)
                            .getBigDecimal("price")
                            .toPlainString()));
  }

  private static String cause(TestPipeline pipeline) {
    return row(pipeline, "SELECT cause FROM feed_gaps WHERE " + APPLE + " ALLOW FILTERING")
        .getString("cause");
  }

  private static Row row(TestPipeline pipeline, String query) {
    return pipeline.cassandra().execute(query).one();
  }
}
