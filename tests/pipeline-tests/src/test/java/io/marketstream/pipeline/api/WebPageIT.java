package io.marketstream.pipeline.api;

import static io.marketstream.pipeline.api.MarketRows.SOURCE;
import static io.marketstream.pipeline.api.MarketRows.SYMBOL;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of market-data-api in Chromium, over tables of a real Cassandra node. */
@Tag("browser")
@Timeout(value = 5, unit = TimeUnit.MINUTES) // a script in a page that has crashed never returns
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageIT {
  private static final String KEYSPACE = "market_data";
  private static final int MANY_SYMBOLS = 500;
  private static final double MAX_MEDIAN_FRAME_MS = 34;
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  @SuppressWarnings("TimeInStaticInitializer") // all rows and all questions use one time
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MINUTES);

  private static final Instant GAP_START = NOW.minus(Duration.ofMinutes(30)).plusSeconds(12);
  private static final Duration GAP_LENGTH = Duration.ofMinutes(8);

  /** Before a night without trades, and before the first page of candles. */
  private static final Instant OLDEST = NOW.minus(Duration.ofHours(20));

  private static final String AAPL = "#" + SOURCE + "/" + SYMBOL + "/1m";

  @TempDir private static Path home;
  private CassandraNode cassandra;
  private CqlSession session;
  private MarketRows rows;
  private ApiProcess api;
  private TestBrowser browser;
  private Page page;

  @BeforeAll
  void startAll() {
    cassandra =
        new MavenComponents(TestStack.ROOT)
            .cassandra(
                ComponentSettings.in(home, "cassandra", FreePorts.next(), 1024)
                    .withJvmOptions(ComponentJvm.options()));
    cassandra.start();
    cassandra.applySchema(TestStack.ROOT.resolve("cassandra-cql"), KEYSPACE);
    session = cassandra.session(KEYSPACE);
    rows = new MarketRows(session, NOW.minus(Duration.ofHours(3)));
    for (int minute = 120; minute >= 0; minute--) {
      Instant open = NOW.minus(Duration.ofMinutes(minute));
      boolean isInGap = open.isAfter(GAP_START) && open.isBefore(GAP_START.plus(GAP_LENGTH));
      if (!isInGap) {
        rows.candle(open, minute, minute > 100 ? "extended" : minute > 80 ? "price" : "trade");
      }
    }
    for (int minute = 0; minute < 50; minute++) {
      rows.candle(OLDEST.plus(Duration.ofMinutes(minute)), minute, "trade");
    }
    rows.gap(GAP_START, GAP_LENGTH, "STALLED");
    rows.newestTicks(MANY_SYMBOLS, Instant.now(), 0);
    rows.tick(SYMBOL, Instant.now(), 600, "189.57");
    api = new ApiProcess(cassandra, KEYSPACE, home.resolve("api.log"));
    api.start();
    browser = new TestBrowser();
  }

  @AfterAll
  void stopAll() {
    if (browser != null) {
      browser.close();
    }
    if (api != null) {
      api.close();
    }
    if (session != null) {
      session.close();
    }
    cassandra.stop();
  }

  @AfterEach
  void closePage() {
    browser.closePage();
  }

  @Test
  void pricesEqualThoseInCassandra() {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    assertThat(page.locator("#price").textContent()).isEqualTo(rows.newestPrice(SYMBOL));
    String price = "189.5700100000000001";
    rows.tick(SYMBOL, Instant.now(), 601, price);
    browser.awaitText("#price", price);
    browser.awaitText("[role=option][aria-selected=true] .price", price);
    browser.await("text => document.querySelector('#tape tr')?.textContent.includes(text)", price);
    assertThat(page.locator("#tape tr").first().textContent()).contains("Regular, Odd Lot Trade");
    page.locator("#filter").fill("s007");
    browser.awaitText("[role=option]:not([hidden]) .price", rows.newestPrice("S007"));
    assertThat(page.locator("#simulated").isVisible()).isTrue();
    browser.assertQuiet();
  }

  @Test
  void chartDrawsCandlesAndShadesTheGapWithItsCause() {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    assertThat(browser.pixels("--up")).isGreaterThan(200);
    assertThat(browser.pixels("--down")).isGreaterThan(200);
    assertThat(browser.pixels("--indicative")).isGreaterThan(50);
    browser.awaitText("#gaps b", "Stalled");
    assertThat(page.locator("#gaps li").textContent()).contains("8 m");
    // The shade covers eight of 120 columns, over the full height of the plot.
    assertThat(browser.shadedShareOfColumns()).isBetween(0.03, 0.12);
    browser.await("count => document.querySelectorAll('#days button').length === count", 30);
    browser.screenshot("light");
    browser.assertQuiet();
  }

  @Test
  void darkModeFollowsTheSystemAndTheChoiceIsRemembered() {
    open(1900, 1000, ColorScheme.DARK, AAPL);
    String dark = background();
    browser.screenshot("dark-wide");
    page.locator("#theme").click();
    assertThat(background()).isNotEqualTo(dark);
    page.reload();
    browser.awaitChart();
    assertThat(background()).isNotEqualTo(dark);
    assertThat(page.locator("#theme").getAttribute("aria-pressed")).isEqualTo("false");
    browser.assertQuiet();
  }

  @Test
  void narrowScreenNeedsNoHorizontalScrolling() {
    for (int width : new int[] {320, 390, 768, 1024}) {
      open(width, 844, ColorScheme.LIGHT, AAPL);
      Object excess =
          page.evaluate(
              "document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assertThat(excess).as("overflow at %d px", width).isEqualTo(0);
      browser.screenshot("width-" + width);
      browser.assertQuiet();
      browser.closePage();
    }
  }

  @Test
  void keyboardChoosesASymbolAndTheAddressHoldsIt() {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    page.keyboard().press("/");
    page.keyboard().type("s01");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("Enter");
    browser.awaitText("#name", "S011");
    assertThat(page.url()).endsWith("#" + SOURCE + "/S011/1m");
    page.goBack();
    browser.awaitText("#name", SYMBOL);
    browser.awaitChart();
    String newest = page.locator("#readout").textContent();
    page.locator("#chart").focus();
    page.keyboard().press("ArrowLeft");
    assertThat(page.locator("#readout").textContent()).contains(" UTC ").isNotEqualTo(newest);
    browser.assertQuiet();
  }

  @Test
  void olderCandlesAreReadWhenTheViewNearsThem() {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    String oldest = OLDEST.toString().substring(0, 16).replace('T', ' ') + " UTC";
    page.locator("#chart").focus();
    Awaitility.await("the oldest candle")
        .pollInSameThread()
        .atMost(TIMEOUT)
        .until(
            () -> {
              page.keyboard().press("Home");
              return page.locator("#readout").textContent().startsWith(oldest);
            });
    browser.screenshot("oldest");
    page.keyboard().press("End");
    page.keyboard().press("-");
    browser.screenshot("zoomed-out");
    browser.assertQuiet();
  }

  @Test
  void fiveHundredSymbolsStaySmooth() throws InterruptedException {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    browser.awaitText("#symbol-count", "501");
    AtomicBoolean isOver = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              for (int round = 1; !isOver.get(); round++) {
                rows.newestTicks(MANY_SYMBOLS, Instant.now(), round);
              }
            });
    writer.start();
    try {
      Object median =
          page.evaluate(
              """
              () => new Promise((resolve) => {
                const list = document.getElementById("symbols");
                const times = [];
                const start = performance.now();
                let last = start;
                const frame = (now) => {
                  times.push(now - last);
                  last = now;
                  list.scrollTop = (now - start) * 2 % (list.scrollHeight - list.clientHeight);
                  if (now - start < 8000) {
                    requestAnimationFrame(frame);
                  } else {
                    times.sort((a, b) => a - b);
                    resolve(times[times.length >> 1]);
                  }
                };
                requestAnimationFrame(frame);
              })
              """);
      assertThat(((Number) median).doubleValue())
          .as("median time between frames, ms")
          .isLessThan(MAX_MEDIAN_FRAME_MS);
    } finally {
      isOver.set(true);
      writer.join();
    }
    browser.assertQuiet();
  }

  @Test
  void lostConnectionIsShownAndHealsWithoutReload() {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    page.evaluate("window.isSamePage = true");
    api.stop();
    browser.awaitText("#connection-text", "Connection lost");
    assertThat(page.locator("#banner").isVisible()).isTrue();
    browser.screenshot("connection-lost");
    api.start();
    browser.awaitText("#connection-text", "Live");
    assertThat(page.locator("#banner").isVisible()).isFalse();
    String price = "189.6125";
    rows.tick(SYMBOL, Instant.now(), 700, price);
    browser.awaitText("#price", price);
    browser.await("text => document.querySelector('#tape tr')?.textContent.includes(text)", price);
    assertThat(page.evaluate("window.isSamePage")).isEqualTo(true);
    browser.assertNoOtherHost();
  }

  @Test
  void apiPageDescribesEachEndpointAndTriesIt() throws Exception {
    page = browser.open(api.uri() + "api.html", 1440, 900, ColorScheme.LIGHT);
    Pattern path = Pattern.compile("^  (/\\S+):$", Pattern.MULTILINE);
    List<String> described =
        path.matcher(page.context().request().get(api.uri() + "openapi.yaml").text())
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(described).contains("/api/candles", "/udf/history");
    browser.await(
        "count => document.querySelectorAll('.opblock').length === count", described.size());
    assertThat(page.locator(".opblock-summary-path").allTextContents())
        .map(text -> text.replace("\u200b", "").strip())
        .containsExactlyInAnyOrderElementsOf(described);
    page.locator(".opblock-summary-path[data-path='/api/symbols']").click();
    page.locator(".opblock.is-open .execute").click();
    browser.await(
        "price => document.querySelector('.live-responses-table')?.textContent.includes(price)",
        rows.newestPrice(SYMBOL));
    browser.screenshot("api");
    browser.assertQuiet();
  }

  @Test
  void skipLinkMovesTheFocusAndKeepsTheSymbol() {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    String hash = "#" + SOURCE + "/S011/5m";
    page.evaluate("hash => { location.hash = hash; }", hash);
    browser.awaitText("#name", "S011");
    page.locator(".skip").focus();
    page.keyboard().press("Enter");
    assertThat(page.evaluate("document.activeElement.id")).isEqualTo("chart");
    assertThat(page.evaluate("location.hash")).isEqualTo(hash);
    page.evaluate("() => { location.hash = 'chart'; }");
    browser.await("hash => location.hash === hash", hash);
    assertThat(page.locator("#name").textContent()).isEqualTo("S011");
    browser.assertQuiet();
  }

  @Test
  void unknownSymbolHasNoTicksAndIsShownWhenItAppears() {
    String symbol = "LATER";
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    browser.await("() => document.querySelectorAll('#tape tr').length > 0", null);
    page.evaluate("hash => { location.hash = hash; }", "#" + SOURCE + "/" + symbol + "/1m");
    browser.awaitText("#name", symbol);
    assertThat(page.locator("#chart-message").textContent()).startsWith("There is no symbol LATER");
    String price = "189.7125";
    rows.tick(SYMBOL, Instant.now(), 800, price);
    page.locator("#filter").fill(SYMBOL);
    browser.awaitText("[role=option]:not([hidden]) .price", price);
    assertThat(page.locator("#tape tr").count()).isZero();
    try {
      rows.tick(symbol, Instant.now(), 1, "7.25");
      browser.awaitText("#price", "7.25");
      browser.await(
          "text => document.querySelector('#tape tr')?.textContent.includes(text)", "7.25");
      browser.awaitText("#chart-message", "There are no candles of this symbol yet.");
      browser.assertQuiet();
    } finally {
      forgetSymbol(symbol);
    }
  }

  @Test
  void namesOfSymbolsAreOnlyText() {
    List<String> names = List.of("<img src=x onerror=alert(1)>", "A/B#C%41 %?&+\"'");
    try {
      for (String name : names) {
        rows.tick(name, Instant.now(), 1, "12.5");
      }
      for (String name : names) {
        open(1440, 900, ColorScheme.LIGHT, AAPL);
        page.locator("#filter").fill(name);
        browser.awaitText("[role=option]:not([hidden]) b", name);
        page.locator("[role=option]:not([hidden])").click();
        assertShows(name);
        page.reload();
        assertShows(name);
        browser.assertQuiet();
        browser.closePage();
      }
    } finally {
      names.forEach(this::forgetSymbol);
    }
  }

  @Test
  void refusedCandlesAreSaidAndTheRestIsRead() {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    AtomicInteger refusals = new AtomicInteger();
    page.route(
        Pattern.compile("/api/candles\\?.*interval=5m"),
        route -> {
          refusals.incrementAndGet();
          refuse(route, "interval", "'interval' cannot be made");
        });
    page.locator("#intervals label:has([value='5m'])").click();
    browser.awaitText("#chart-message", "'interval' cannot be made");
    browser.awaitText("#gaps b", "Stalled");
    page.reload();
    browser.awaitText("#chart-message", "'interval' cannot be made");
    browser.awaitText("#gaps b", "Stalled");
    browser.await("count => document.querySelectorAll('#days button').length === count", 30);
    browser.await("() => document.querySelectorAll('#tape tr').length > 0", null);
    assertThat(page.locator("#banner").isVisible()).isFalse();
    assertThat(refusals).as("one request per view").hasValue(2);
    browser.assertNoOtherHost();
  }

  @Test
  void pageOfCandlesShrinksUntilTheApiAcceptsIt() {
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    page.route(
        Pattern.compile("/api/candles\\?.*limit=([6-9]\\d|\\d{3,})\\b"),
        route -> refuse(route, "limit", "'limit' is too large for this interval"));
    page.locator("#intervals label:has([value='1h'])").click();
    browser.await("() => document.getElementById('chart').ariaLabel.endsWith(', 1h')", null);
    browser.awaitChart();
    assertThat(page.locator("#readout").textContent()).contains(" trades");
    browser.assertNoOtherHost();
  }

  private void open(int width, int height, ColorScheme scheme, String hash) {
    page = browser.open(api.uri() + hash, width, height, scheme);
    browser.awaitChart();
  }

  private static void refuse(Route route, String parameter, String message) {
    String body =
        "{\"error\": \"bad_request\", \"parameter\": \""
            + parameter
            + "\", \"message\": \""
            + message
            + "\"}";
    route.fulfill(new Route.FulfillOptions().setStatus(400).setBody(body));
  }

  /** Other tests count the symbols. */
  private void forgetSymbol(String symbol) {
    session.execute("DELETE FROM latest_ticks WHERE source = ? AND symbol = ?", SOURCE, symbol);
  }

  /** A symbol with one tick and without candles. */
  private void assertShows(String name) {
    browser.awaitText("#name", name);
    browser.awaitText("#price", "12.5");
    browser.awaitText("#chart-message", "There are no candles of this symbol yet.");
    browser.await("() => document.querySelector('#tape tr')?.textContent.includes('12.5')", null);
    browser.await("count => document.querySelectorAll('#days button').length === count", 30);
    assertThat(page.evaluate("location.hash.slice(1).split('/').map(decodeURIComponent)"))
        .isEqualTo(List.of(SOURCE, name, "1m"));
    assertThat(page.locator("img[src=x]").count()).isZero();
  }

  private String background() {
    return (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
  }
}
