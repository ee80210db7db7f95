package io.marketstream.pipeline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.marketstream.pipeline.TestStack;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/**
 * Chromium with one page at a time. It records errors in the console and requests to other hosts.
 * Owned by the test thread.
 */
final class TestBrowser implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final Path SCREENSHOTS =
      TestStack.ROOT.resolve("tests/pipeline-tests/target/screenshots");

  private final Playwright playwright =
      Playwright.create(
          new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  private final Browser browser =
      playwright
          .chromium()
          .launch(
              new BrowserType.LaunchOptions()
                  .setExecutablePath(
                      Path.of(System.getProperty("marketstream.chromium", "/usr/bin/chromium")))
                  .setArgs(
                      List.of(
                          "--no-sandbox",
                          "--disable-gpu",
                          "--disable-quic",
                          "--no-first-run",
                          "--disable-background-networking",
                          "--disable-component-update",
                          "--disable-sync")));
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> strangers = new CopyOnWriteArrayList<>();
  private final List<String> requested = new CopyOnWriteArrayList<>();
  private BrowserContext context;
  private Page page;
  private int ownPort;

  /**
   * Opens an address in a new context. Requests to another port than that of the address count as
   * other hosts.
   */
  Page open(String address, int width, int height, ColorScheme scheme) {
    closePage();
    ownPort = URI.create(address).getPort();
    context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                .setReducedMotion(ReducedMotion.REDUCE));
    context.setDefaultTimeout((double) TIMEOUT.toMillis());
    page = context.newPage();
    page.onConsoleMessage(this::note);
    page.onPageError(complaints::add);
    page.onRequest(this::note);
    page.onCrash(crashed -> complaints.add("the page crashed"));
    page.navigate(address);
    return page;
  }

  /** Closes the page and forgets what it did. Does nothing if there is none. */
  void closePage() {
    if (context != null) {
      context.close();
      context = null;
    }
    complaints.clear();
    strangers.clear();
    requested.clear();
  }

  private void note(ConsoleMessage message) {
    if (message.type().equals("error")) {
      complaints.add(message.text());
    }
  }

  private void note(Request request) {
    URI uri = URI.create(request.url());
    requested.add(request.url());
    boolean isOwn = uri.getScheme().equals("data") || uri.getPort() == ownPort;
    if (!isOwn) {
      strangers.add(request.url());
    }
  }

  void assertQuiet() {
    assertThat(complaints).as("errors in the console").isEmpty();
    assertThat(strangers).as("requests to other hosts").isEmpty();
  }

  /** The addresses that the page has requested, in order. */
  List<String> requested() {
    return List.copyOf(requested);
  }

  /** The names of the symbols in the list, from the top. */
  List<String> listedSymbols() {
    Object names =
        page.evaluate(
            """
            () => [...document.querySelectorAll("[role=option]:not([hidden])")]
              .sort((a, b) => a.dataset.index - b.dataset.index)
              .map((row) => row.querySelector("b").textContent)
            """);
    return ((List<?>) names).stream().map(String.class::cast).toList();
  }

  /** The spark line of a symbol that is in view. */
  LinePixels sparkLine(String symbol) {
    return new LinePixels(row(symbol).locator(".spark svg").screenshot());
  }

  /** The row of a symbol that is in view. */
  Locator row(String symbol) {
    return page.locator("[role=option]:not([hidden])")
        .filter(
            new Locator.FilterOptions()
                .setHas(page.locator("b", new Page.LocatorOptions().setHasText(symbol))));
  }

  void assertNoOtherHost() {
    assertThat(strangers).as("requests to other hosts").isEmpty();
  }

  void awaitChart() {
    await(
        "() => document.getElementById('chart-message').hidden"
            + " && document.getElementById('price').textContent.length > 1",
        null);
  }

  void awaitText(String selector, String text) {
    await(
        "([selector, text]) => document.querySelector(selector)?.textContent === text",
        List.of(selector, text));
  }

  /** Playwright's own waitForFunction needs eval, which the page's security policy forbids. */
  void await(String function, Object argument) {
    Awaitility.await(function + " of " + argument)
        .pollInSameThread()
        .atMost(TIMEOUT)
        .until(() -> Boolean.TRUE.equals(page.evaluate(function, argument)));
  }

  /** How many pixels of the chart have exactly a colour of the style sheet. */
  int pixels(String color) {
    Object count =
        page.evaluate(
            """
            (name) => {
              const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
              const wanted = [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
              const canvas = document.querySelector("#chart canvas");
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              let found = 0;
              for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] === 255 && wanted.every((each, j) => each === data[i + j])) {
                  found++;
                }
              }
              return found;
            }
            """,
            color);
    return ((Number) count).intValue();
  }

  /** The share of columns of pixels that have the shade of a gap from top to bottom. */
  double shadedShareOfColumns() {
    Object share =
        page.evaluate(
            """
            () => {
              const canvas = document.querySelector("#chart canvas");
              const { width, height } = canvas;
              const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
              let columns = 0;
              for (let x = 0; x < width; x++) {
                let shaded = 0;
                for (let y = 0; y < height; y++) {
                  const i = 4 * (y * width + x);
                  // Orange: red over green over blue, on a transparent ground.
                  if (data[i + 3] > 20 && data[i] > data[i + 1] + 20 && data[i + 1] > data[i + 2] + 20) {
                    shaded++;
                  }
                }
                columns += shaded > height * 0.6 ? 1 : 0;
              }
              return columns / width;
            }
            """);
    return ((Number) share).doubleValue();
  }

  void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(SCREENSHOTS.resolve(name + ".png"))
            .setTimeout((double) TIMEOUT.toMillis()));
  }

  @Override
  public void close() {
    closePage();
    playwright.close();
  }
}
