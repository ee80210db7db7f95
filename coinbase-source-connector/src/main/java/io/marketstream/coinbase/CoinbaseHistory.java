package io.marketstream.coinbase;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.feed.protocol.EventTime;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameJson;
import io.marketstream.feed.repair.HistoricTrade;
import io.marketstream.feed.repair.HistoryRow;
import io.marketstream.feed.repair.TradeHistory;
import io.marketstream.feed.repair.UnusableRow;
import io.marketstream.feed.websocket.RestClient;
import io.marketstream.feed.websocket.RestException;
import io.marketstream.model.RejectReason;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * The trades that the REST API of Coinbase Exchange returns (docs/feeds.md, "Coinbase"). It returns
 * the newest trades below an id, so a page is asked for by the id after its last one.
 */
final class CoinbaseHistory implements TradeHistory {

  /** The most trades that the API returns at once. */
  private static final int MAX_PAGE = 1000;

  /** Some rows around the missing trades, which show whether the connector can read the format. */
  private static final int MIN_PAGE = 100;

  private final String url;
  private final RestClient client;
  private final Clock clock;

  /**
   * @param url of the REST API, with or without a slash at its end
   */
  CoinbaseHistory(String url, RestClient client, Clock clock) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public int maxIds() {
    return MAX_PAGE;
  }

  @Override
  public List<HistoryRow> trades(String product, long first, long last) throws RestException {
    long limit = Math.max(MIN_PAGE, last - first + 1);
    String body = get(product, "?limit=" + limit + "&after=" + (last + 1));
    List<HistoryRow> rows = decode(product, body, first, last, clock.millis());
    rows.sort(Comparator.comparingLong(HistoryRow::id));
    return rows;
  }

  @Override
  public long newestId(String product) throws RestException {
    return fields(product, get(product, "?limit=1")).stream()
        .mapToLong(MatchFields::tradeId)
        .max()
        .orElse(0);
  }

  /** The names of products need no escapes: the configuration allows letters and digits only. */
  private String get(String product, String query) throws RestException {
    return client.get(url + "/products/" + product + "/trades" + query);
  }

  /**
   * Decodes the rows of a page whose ids are from {@code first} to {@code last}.
   *
   * @param fetchedAt epoch ms
   * @throws RestException if the page is not one of trades. A row without an id spoils the whole
   *     page, because nobody knows which trade would look absent. So do rows of which none is a
   *     trade: then the venue has more likely changed its format
   */
  static List<HistoryRow> decode(String product, String body, long first, long last, long fetchedAt)
      throws RestException {
    List<HistoryRow> rows = new ArrayList<>();
    boolean hasTrade = false;
    String problem = null;
    for (MatchFields fields : fields(product, body)) {
      HistoryRow row = row(product, fields, fetchedAt);
      if (row instanceof UnusableRow unusable) {
        problem = unusable.problem();
      } else {
        hasTrade = true;
      }
      if (row.id() >= first && row.id() <= last) {
        rows.add(row);
      }
    }
    if (problem != null && !hasTrade) {
      throw RestException.unusable("no row of the answer is a trade (" + problem + ")");
    }
    return rows;
  }

  /** The fields of each row of a page. Every row has an id. */
  private static List<MatchFields> fields(String product, String body) throws RestException {
    try (JsonParser parser = FrameJson.parse(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw RestException.unusable("the answer is not a JSON array");
      }
      List<MatchFields> rows = new ArrayList<>();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        MatchFields row = fields(product, parser);
        if (row.tradeId() < 1) {
          throw RestException.unusable("a row of the answer has no 'trade_id' of 1 to 18 digits");
        }
        rows.add(row);
      }
      if (parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
        throw RestException.unusable("the answer is not an array of objects");
      }
      return rows;
    } catch (IOException e) {
      throw RestException.unusable("the answer is not JSON: " + FrameJson.problem(e));
    }
  }

  private static MatchFields fields(String product, JsonParser parser) throws IOException {
    MatchFields fields = new MatchFields(product);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (!key.equals("product_id")) {
        fields.read(key, value, parser);
      }
      parser.skipChildren();
    }
    return fields;
  }

  private static HistoryRow row(String product, MatchFields fields, long fetchedAt) {
    RejectReason reason = fields.reason();
    if (reason != null) {
      return unusable(fields, reason, fields.problem());
    }
    FeedEvent.Tick tick = fields.toTick(product, false);
    if (!EventTime.isPlausible(tick.eventTime(), fetchedAt)) {
      return unusable(fields, RejectReason.IMPLAUSIBLE_TIME, MatchFields.IMPLAUSIBLE_TIME);
    }
    FeedEvent.VenueTrade trade = Objects.requireNonNull(tick.trade(), "a match has an id");
    return new HistoricTrade(
        trade.id(),
        trimmed(tick.price()),
        trimmed(Objects.requireNonNull(tick.volume(), "a match has a size")),
        tick.eventTime(),
        trade.side());
  }

  private static UnusableRow unusable(MatchFields fields, RejectReason reason, String problem) {
    return new UnusableRow(fields.tradeId(), reason + ": " + problem);
  }

  /** The API keeps the zeros at the end that the websocket cuts. */
  private static String trimmed(String decimal) {
    if (decimal.indexOf('.') < 0) {
      return decimal;
    }
    int end = decimal.length();
    while (decimal.charAt(end - 1) == '0') {
      end--;
    }
    return decimal.substring(0, decimal.charAt(end - 1) == '.' ? end - 1 : end);
  }

  @Override
  public void close() {
    client.close();
  }
}
