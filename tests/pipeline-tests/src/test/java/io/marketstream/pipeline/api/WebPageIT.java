package io.marketstream.pipeline.api;

import static io.marketstream.pipeline.api.MarketRows.SOURCE;
import static io.marketstream.pipeline.api.MarketRows.SYMBOL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.datastax.oss.driver.api.core.CqlSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.pipeline.ComponentJvm;
import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.api.MarketRows.Listed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

  private static final String CLIPPED_CELLS =
      """
      () => [...document.querySelectorAll(
          "#order > *, .row:not([hidden]) > .change, .row:not([hidden]) > .age, .row:not([hidden]) > .delay")]
        .filter((cell) => cell.scrollWidth > cell.clientWidth
          || cell.getBoundingClientRect().width === 0
          || cell.getBoundingClientRect().right > document.getElementById("symbols").getBoundingClientRect().right)
        .length
      """;

  private static final String TO_SORT = "SORT";
  private static final List<String> SYMBOLS_TO_SORT =
      Stream.of("A", "B", "C", "D", "E").map(TO_SORT::concat).toList();

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
    rows.lastHour(30, NOW);
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
    assertThat(page.locator("#tape tr td.side").first().textContent()).isEqualTo("sell");
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
    // The picture of the README: on a slow machine, the ticks of the start are stale by now.
    rows.newestTicks(MANY_SYMBOLS, Instant.now(), 0);
    rows.tick(SYMBOL, Instant.now(), 602, "189.57");
    awaitSparkLines(20);
    browser.await("() => document.querySelector('.row.stale') === null", null);
    browser.screenshot("light");
    browser.assertQuiet();
  }

  @Test
  void darkModeFollowsTheSystemAndTheChoiceIsRemembered() {
    open(1900, 1000, ColorScheme.DARK, AAPL);
    String dark = background();
    awaitSparkLines(20);
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
      if (page.locator("#open-symbols").isVisible()) {
        page.locator("#open-symbols").click();
        browser.awaitText("#symbol-count", "501");
        awaitSparkLines(15);
        browser.screenshot("list-" + width);
      }
      assertThat(page.evaluate(CLIPPED_CELLS)).as("clipped cells at %d px", width).isEqualTo(0);
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
  void sparkLinesFollowTheClosesOfTheLastHour() {
    List<String> names = List.of("SPARKUP", "SPARKDOWN");
    Instant last = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    for (int minute = 0; minute < 60; minute++) {
      Instant open = last.minus(Duration.ofMinutes(59L - minute));
      rows.candle("SPARKUP", open, String.valueOf(100 + minute * minute));
      // Ten minutes are missing, and then the price returns a little.
      if (minute < 30 || minute >= 40) {
        rows.candle("SPARKDOWN", open, String.valueOf(200 - Math.min(minute, 90 - minute)));
      }
    }
    try {
      names.forEach(name -> rows.tick(name, Instant.now(), 1, "177"));
      open(1440, 900, ColorScheme.LIGHT, AAPL);
      page.locator("#filter").fill("spark");
      awaitSparkLines(2);

      LinePixels up = browser.sparkLine("SPARKUP");
      assertThat(up.green()).isGreaterThan(60);
      assertThat(up.red()).isZero();
      for (double minute : new double[] {0, 15, 30, 45, 59}) {
        double share = minute / 59;
        assertThat(up.heightAt(share))
            .as("minute %s", minute)
            .isCloseTo(share * share, within(0.1));
      }

      LinePixels down = browser.sparkLine("SPARKDOWN");
      assertThat(down.red()).isGreaterThan(60);
      assertThat(down.green()).isZero();
      assertThat(down.heightAt(0)).isGreaterThan(0.9);
      assertThat(down.heightAt(45.0 / 59)).isLessThan(0.1);
      assertThat(down.heightAt(1)).isBetween(0.2, 0.5);
      assertThat(down.isDrawnAt(26.0 / 59)).isTrue();
      assertThat(down.isDrawnAt(35.0 / 59)).as("drawn where candles are missing").isFalse();
      assertThat(down.isDrawnAt(42.0 / 59)).isTrue();

      List<String> before = sparkRequests();
      rows.tick("SPARKDOWN", Instant.now(), 2, "250");
      browser.awaitText("[role=option][title^=SPARKDOWN]:not([hidden]) .price", "250");
      browser.await(
          "() => document.querySelector('[role=option][title^=SPARKDOWN] .spark')"
              + ".dataset.direction === 'up'",
          null);
      assertThat(browser.sparkLine("SPARKDOWN").green()).as("after a live tick").isGreaterThan(60);
      assertThat(browser.sparkLine("SPARKDOWN").heightAt(1)).isGreaterThan(0.9);
      assertThat(sparkRequests()).as("requests for the live tick").isEqualTo(before);
      browser.assertQuiet();
    } finally {
      forgetSymbols(names);
    }
  }

  @Test
  void onlySparkLinesInViewAreRead() {
    rows.newestTicks(MANY_SYMBOLS, Instant.now(), 1);
    open(1440, 900, ColorScheme.LIGHT, AAPL);
    browser.awaitText("#symbol-count", "501");
    awaitSparkLines(1);
    awaitNoMoreSparkRequests();
    int atStart = sparkRequests().size();
    assertThat(atStart).isBetween(20, 35);
    assertThat(browser.requested()).as("all requests at start").hasSizeLessThan(100);
    // Over the whole list, and to its end.
    page.evaluate(
        """
        () => new Promise((resolve) => {
          const list = document.getElementById("symbols");
          const step = () => {
            list.scrollTop += 150;
            if (list.scrollTop + list.clientHeight < list.scrollHeight) {
              requestAnimationFrame(step);
            } else {
              resolve();
            }
          };
          step();
        })
        """);
    awaitNoMoreSparkRequests();
    assertThat(sparkRequests().size() - atStart).as("requests after scrolling").isBetween(20, 50);
    assertThat(sparkRequests()).doesNotHaveDuplicates();
    browser.assertQuiet();
  }

  @Test
  void listIsSortedAsTheRowsInCassandra() {
    try {
      writeSymbolsToSort();
      open(1440, 900, ColorScheme.LIGHT, AAPL);
      page.locator("#filter").fill(TO_SORT);
      Map<String, Comparator<Listed>> orders =
          Map.of(
              "symbol", Comparator.comparing(Listed::symbol),
              "price", Comparator.comparing(Listed::price),
              "change", Comparator.comparing(Listed::change),
              "age", Comparator.comparing(Listed::received).reversed(),
              "delay", Comparator.comparing(Listed::delayMs));
      for (Map.Entry<String, Comparator<Listed>> order : orders.entrySet()) {
        String by = order.getKey();
        Locator button = page.locator("#order [data-by=" + by + "]");
        for (int click = 0; click < 2; click++) {
          button.click();
          boolean isDescending = button.textContent().endsWith("▼");
          List<String> expected = sorted(order.getValue(), isDescending);
          // A missing change is last in both directions.
          awaitListed(by.equals("change") ? lastOf(expected, TO_SORT + "C") : expected);
          assertThat(button.getAttribute("aria-pressed")).isEqualTo("true");
          assertThat(page.locator("#order [aria-pressed=true]").count()).isEqualTo(1);
          assertThat(page.locator("#order-status").textContent())
              .isEqualTo(button.getAttribute("title"));
        }
      }
      page.locator("#order [data-by=symbol]").focus();
      page.keyboard().press("ArrowRight");
      page.keyboard().press("Enter");
      List<String> byPrice = sorted(Comparator.comparing(Listed::price), true);
      awaitListed(byPrice);
      page.reload();
      browser.awaitChart();
      List<String> top =
          rows.listed().stream()
              .sorted(Comparator.comparing(Listed::price).reversed())
              .limit(20)
              .map(Listed::symbol)
              .toList();
      assertThat(browser.listedSymbols())
          .as("after a reload")
          .startsWith(top.toArray(String[]::new));
      page.locator("#filter").fill(TO_SORT);
      awaitListed(byPrice);
      browser.assertQuiet();
    } finally {
      forgetSymbols(SYMBOLS_TO_SORT);
    }
  }

  @Test
  void orderWaitsWhileTheListIsUsed() {
    try {
      writeSymbolsToSort();
      open(1440, 900, ColorScheme.LIGHT, AAPL);
      page.locator("#filter").fill(TO_SORT);
      page.locator("#order [data-by=price]").click();
      List<String> before = sorted(Comparator.comparing(Listed::price), true);
      awaitListed(before);

      browser.row(before.get(0)).hover();
      rows.tick(before.get(4), Instant.now(), 2, "100000");
      browser.awaitText("[title^=" + before.get(4) + "]:not([hidden]) .price", "100000");
      assertOrderStays(before);
      page.mouse().move(700, 5);
      List<String> after = sorted(Comparator.comparing(Listed::price), true);
      assertThat(after).isNotEqualTo(before);
      awaitListed(after);

      page.locator("#symbols").focus();
      page.keyboard().press("ArrowDown");
      rows.tick(after.get(4), Instant.now(), 3, "200000");
      browser.awaitText("[title^=" + after.get(4) + "]:not([hidden]) .price", "200000");
      assertOrderStays(after);
      page.locator("#theme").focus();
      awaitListed(sorted(Comparator.comparing(Listed::price), true));
      browser.assertQuiet();
    } finally {
      forgetSymbols(SYMBOLS_TO_SORT);
    }
  }

  @Test
  void feedDelayEqualsTheRowsInCassandra() {
    try {
      writeSymbolsToSort();
      open(1440, 900, ColorScheme.LIGHT, "#" + SOURCE + "/" + TO_SORT + "B/1m");
      page.locator("#filter").fill(TO_SORT);
      awaitListed(SYMBOLS_TO_SORT);
      for (Listed listed : toSort().toList()) {
        Locator delay = browser.row(listed.symbol()).locator(".delay");
        long ms = listed.delayMs();
        assertThat(delay.textContent()).as(listed.symbol()).isEqualTo(delayText(ms));
        assertThat(delay.getAttribute("data-state"))
            .isEqualTo(ms < 0 ? "clock" : ms > 60_000 ? "late" : "normal");
        assertThat(delay.getAttribute("title"))
            .startsWith(ms < 0 ? "Clock problem: " : "Feed delay: ");
        assertThat(browser.row(listed.symbol()).getAttribute("aria-label"))
            .contains("feed delay " + delayText(ms));
      }
      assertThat(page.locator("#delay").textContent())
          .isEqualTo("Feed delay −40 ms, clock problem");
      browser.row(TO_SORT + "C").click();
      browser.awaitText("#delay", "Feed delay 1 m, late");
      browser.row(TO_SORT + "A").click();
      browser.awaitText("#delay", "Feed delay 57 ms");
      browser.screenshot("delays");
      page.locator("#theme").click();
      browser.screenshot("delays-dark");
      browser.assertQuiet();
    } finally {
      forgetSymbols(SYMBOLS_TO_SORT);
    }
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
      forgetSymbols(List.of(symbol));
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
      forgetSymbols(names);
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

  /** Prices that differ in the last digit only, equal delays, and a symbol without a candle. */
  private void writeSymbolsToSort() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    writeSymbolToSort("A", now.minusSeconds(10), 57, "189.5700100000000002", List.of("189"));
    writeSymbolToSort("B", now.minusSeconds(20), -40, "189.5700100000000001", List.of("190"));
    writeSymbolToSort("C", now.minusSeconds(30), 90_000, "0.00001234", List.of());
    writeSymbolToSort("D", now.minus(Duration.ofMinutes(40)), 1_500, "91234.5", List.of("91234.5"));
    writeSymbolToSort("E", now.minusSeconds(5), 57, "12", List.of("10"));
  }

  private void writeSymbolToSort(
      String name, Instant received, long delayMs, String price, List<String> dayOpen) {
    Instant time = received.minusMillis(delayMs);
    dayOpen.forEach(
        open -> rows.candle(TO_SORT + name, time.truncatedTo(ChronoUnit.MINUTES), open));
    rows.tick(TO_SORT + name, time, received, 1, price);
  }

  private Stream<Listed> toSort() {
    return rows.listed().stream().filter(each -> each.symbol().startsWith(TO_SORT));
  }

  /** The symbols to sort. Equal ones are sorted by symbol in both directions. */
  private List<String> sorted(Comparator<Listed> ascending, boolean isDescending) {
    Comparator<Listed> order = isDescending ? ascending.reversed() : ascending;
    return toSort().sorted(order.thenComparing(Listed::symbol)).map(Listed::symbol).toList();
  }

  private static List<String> lastOf(List<String> symbols, String symbol) {
    return Stream.concat(symbols.stream().filter(each -> !each.equals(symbol)), Stream.of(symbol))
        .toList();
  }

  private void awaitListed(List<String> symbols) {
    Awaitility.await("the list is " + symbols)
        .pollInSameThread()
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(browser.listedSymbols()).isEqualTo(symbols));
  }

  /** For longer than the time between two sorts. */
  private void assertOrderStays(List<String> symbols) {
    assertThat(page.locator("#order").getAttribute("class")).contains("held");
    Awaitility.await("the order stays")
        .pollInSameThread()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(8))
        .until(() -> browser.listedSymbols().equals(symbols));
  }

  private static String delayText(long ms) {
    long size = Math.abs(ms);
    String text =
        size < 1_000
            ? size + " ms"
            : size < 60_000
                ? String.format(Locale.ROOT, "%.1f s", size / 1_000.0)
                : size / 60_000 + " m";
    return ms < 0 ? "−" + text : text;
  }

  private void awaitSparkLines(int count) {
    browser.await(
        "count => document.querySelectorAll('[role=option]:not([hidden]) .spark path[d^=M]').length"
            + " >= count",
        count);
  }

  private List<String> sparkRequests() {
    return browser.requested().stream()
        .filter(each -> each.contains("/api/candles?") && !each.contains("limit="))
        .map(each -> each.replaceAll("&(from|to)=\\d+", ""))
        .toList();
  }

  private void awaitNoMoreSparkRequests() {
    AtomicInteger before = new AtomicInteger(-1);
    Awaitility.await("no more requests for spark lines")
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(1_500))
        .atMost(TIMEOUT)
        .until(
            () -> {
              page.evaluate("1"); // events of the browser arrive during calls
              int now = sparkRequests().size();
              return before.getAndSet(now) == now;
            });
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

  /** Returns when the API has forgotten them too: other tests count the symbols. */
  private void forgetSymbols(List<String> symbols) {
    for (String symbol : symbols) {
      session.execute("DELETE FROM latest_ticks WHERE source = ? AND symbol = ?", SOURCE, symbol);
    }
    Awaitility.await("the API has forgotten " + symbols)
        .atMost(TIMEOUT)
        .until(() -> !api.lists(symbols));
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
