package io.marketstream.auditor.venue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.auditor.evidence.VenueTrade;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Reads trades from Coinbase Exchange's REST API (docs/feeds.md), without a key. It paces its
 * requests, waits longer after each HTTP 429, and tries other failures again a few times. It uses
 * the proxy of the JVM's system properties.
 *
 * <p>Not thread-safe.
 */
public final class VenueClient {
  /** The venue gives no larger page. */
  public static final int PAGE = 1_000;

  /** Fewer than the 10 per second that the venue allows, because a connector may ask as well. */
  public static final int REQUESTS_PER_SECOND = 3;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(32);
  private static final int MAX_ATTEMPTS = 3;
  private static final int MAX_REFUSALS = 8; // a minute and a half
  private static final int MAX_BODY_BYTES = 4_194_304;
  private static final int MAX_TEXT_SHOWN = 120;
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,40}(\\.[0-9]{1,40})?");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer of HTTP. */
  private record Answer(int status, String body) {}

  private final URI root;
  private final RequestPace pace;
  private final int maxRequests;
  private final Duration requestTimeout;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private int requests;

  /**
   * @param root for example {@code https://api.exchange.coinbase.com}
   * @param maxRequests after this many requests it gives up
   */
  public VenueClient(URI root, RequestPace pace, int maxRequests) {
    this(root, pace, maxRequests, REQUEST_TIMEOUT);
  }

  /**
   * @param requestTimeout how long a request may take, up to the last byte of its answer
   */
  VenueClient(URI root, RequestPace pace, int maxRequests, Duration requestTimeout) {
    this.root = root;
    this.pace = pace;
    this.maxRequests = maxRequests;
    this.requestTimeout = requestTimeout;
  }

  /** How many requests were sent. */
  public int requests() {
    return requests;
  }

  /**
   * Reads one page of trades of a product.
   *
   * @param below trades with smaller ids
   * @return the newest {@value #PAGE} of them, newest first; empty if there are none
   * @throws VenueException if the venue does not answer, or not with trades
   */
  public List<VenueTrade> trades(String product, long below)
      throws VenueException, InterruptedException {
    String path =
        "/products/"
            + URLEncoder.encode(product, StandardCharsets.UTF_8)
            + "/trades?limit="
            + PAGE
            + "&after="
            + below;
    return page(path, product, below);
  }

  /** Returns the newest trade of a product; empty if it has none. */
  public Optional<VenueTrade> newest(String product) throws VenueException, InterruptedException {
    String path =
        "/products/" + URLEncoder.encode(product, StandardCharsets.UTF_8) + "/trades?limit=1";
    return page(path, product, Long.MAX_VALUE).stream().findFirst();
  }

  private List<VenueTrade> page(String path, String product, long below)
      throws VenueException, InterruptedException {
    JsonNode page = json(get(path, product));
    if (!page.isArray()) {
      throw new VenueException(
          root + " does not answer with a list of trades. Check --venue-url and a proxy before it");
    }
    List<VenueTrade> trades = new ArrayList<>();
    long last = below;
    for (JsonNode row : page) {
      VenueTrade trade = trade(row);
      if (trade.id() >= last) {
        throw new VenueException(
            root + " answers with " + trade + " where ids below " + last + " belong");
      }
      last = trade.id();
      trades.add(trade);
    }
    return trades;
  }

  private String get(String path, String product) throws VenueException, InterruptedException {
    Duration backoff = FIRST_BACKOFF;
    int refusals = 0;
    for (int failures = 0; ; ) {
      String failure;
      try {
        Answer answer = send(path);
        if (answer.status() == 200) {
          return answer.body();
        }
        failure = "answers HTTP " + answer.status() + message(answer.body());
        if (answer.status() == 404) {
          throw new VenueException(
              root + " has no product " + product + ". Check --venue-products and --venue-url");
        }
        if (answer.status() == 429) {
          if (++refusals == MAX_REFUSALS) {
            throw new VenueException(
                root + " " + failure + " to " + refusals + " requests in a row. Try again later");
          }
          pace.backOff(backoff);
          backoff =
              backoff.multipliedBy(2).compareTo(MAX_BACKOFF) < 0
                  ? backoff.multipliedBy(2)
                  : MAX_BACKOFF;
          continue;
        }
        if (answer.status() < 500) {
          throw new VenueException(root + " " + failure + ". Check --venue-url");
        }
      } catch (ConnectException e) {
        throw new VenueException(
            "Cannot connect to the venue at " + root + ": " + reason(e) + ADVICE, e);
      } catch (IOException e) {
        failure = "does not answer: " + reason(e);
      }
      if (++failures == MAX_ATTEMPTS) {
        throw new VenueException(root + " " + failure + " (tried " + failures + " times)" + ADVICE);
      }
      pace.backOff(FIRST_BACKOFF.multipliedBy(failures));
    }
  }

  private static final String ADVICE =
      ". Check --venue-url and the network; for a proxy, set"
          + " JAVA_TOOL_OPTIONS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'";

  private Answer send(String path) throws IOException, VenueException, InterruptedException {
    if (requests == maxRequests) {
      throw new VenueException(
          "The comparison with the venue needs more than "
              + maxRequests
              + " requests. Choose a shorter --venue-last, name --venue-products, or raise"
              + " --venue-requests");
    }
    pace.await();
    requests++;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(root + path))
            .setHeader("User-Agent", "market-stream-audit")
            .setHeader("Accept", "application/json")
            .build();
    // The timeout of a request of this HTTP client ends with the headers of its answer.
    CompletableFuture<HttpResponse<byte[]>> response =
        http.sendAsync(request, headers -> new LimitedBody(MAX_BODY_BYTES));
    try {
      HttpResponse<byte[]> whole = response.get(requestTimeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(whole.statusCode(), new String(whole.body(), StandardCharsets.UTF_8));
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no whole answer within " + requestTimeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } finally {
      response.cancel(true); // without effect on a response that is whole
    }
  }

  private JsonNode json(String body) throws VenueException {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new VenueException(
          root
              + " does not answer in JSON, but with '"
              + shortened(body)
              + "'. Check --venue-url and a proxy before it",
          e);
    }
  }

  private VenueTrade trade(JsonNode row) throws VenueException {
    String side = row.path("side").asText();
    String price = row.path("price").asText();
    String size = row.path("size").asText();
    boolean isTrade =
        row.path("trade_id").isIntegralNumber()
            && row.path("trade_id").canConvertToLong()
            && row.path("trade_id").longValue() > 0
            && (side.equals("buy") || side.equals("sell"))
            && DECIMAL.matcher(price).matches()
            && DECIMAL.matcher(size).matches();
    try {
      if (isTrade) {
        return new VenueTrade(
            row.path("trade_id").longValue(),
            new BigDecimal(price),
            new BigDecimal(size),
            side.equals("buy") ? "sell" : "buy", // the venue names the maker's side
            Instant.parse(row.path("time").asText()).toEpochMilli());
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw new VenueException(notATrade(row), e);
    }
    throw new VenueException(notATrade(row));
  }

  private String notATrade(JsonNode row) {
    return root + " answers with '" + shortened(row.toString()) + "', which is not a trade";
  }

  /** The message of an error in JSON; empty without one, for example if it is HTML. */
  private static String message(String body) {
    try {
      String message = JSON.readTree(body).path("message").asText();
      return message.isEmpty() ? "" : " (" + shortened(message) + ")";
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private static String reason(IOException failure) {
    Throwable cause = failure;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof UnresolvedAddressException) {
      return "its host is not known";
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : shortened(message);
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= MAX_TEXT_SHOWN ? line : line.substring(0, MAX_TEXT_SHOWN) + "…";
  }
}
