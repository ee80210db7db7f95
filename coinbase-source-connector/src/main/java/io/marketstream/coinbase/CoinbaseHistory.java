package io.marketstream.coinbase;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameJson;
import io.marketstream.feed.repair.HistoricTrade;
import io.marketstream.feed.repair.TradeHistory;
import io.marketstream.feed.websocket.RestClient;
import io.marketstream.feed.websocket.RestException;
import io.marketstream.model.RejectReason;
import java.io.IOException;
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

  private final String url;
  private final RestClient client;

  /**
   * @param url of the REST API, with or without a slash at its end
   */
  CoinbaseHistory(String url, RestClient client) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.client = client;
  }

  @Override
  public int maxIds() {
    return MAX_PAGE;
  }

  @Override
  public List<HistoricTrade> trades(String product, long first, long last) throws RestException {
    String query = "?limit=" + (last - first + 1) + "&after=" + (last + 1);
    List<HistoricTrade> trades = read(product, query, first, last);
    trades.sort(Comparator.comparingLong(HistoricTrade::id));
    return trades;
  }

  @Override
  public long newestId(String product) throws RestException {
    return read(product, "?limit=1", 1, Long.MAX_VALUE).stream()
        .mapToLong(HistoricTrade::id)
        .max()
        .orElse(0);
  }

  /** The names of products need no escapes: the configuration allows letters and digits only. */
  private List<HistoricTrade> read(String product, String query, long first, long last)
      throws RestException {
    String body = client.get(url + "/products/" + product + "/trades" + query);
    return decode(product, body, first, last);
  }

  /**
   * Decodes the rows of a page whose ids are from {@code first} to {@code last}.
   *
   * @throws RestException if a row is not a trade: what is left out would look absent
   */
  static List<HistoricTrade> decode(String product, String body, long first, long last)
      throws RestException {
    try (JsonParser parser = FrameJson.parse(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw RestException.unusable("the answer is not a JSON array");
      }
      List<HistoricTrade> trades = new ArrayList<>();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        MatchFields row = row(product, parser);
        if (row.tradeId() == 0 || (row.tradeId() >= first && row.tradeId() <= last)) {
          trades.add(trade(product, row));
        }
      }
      if (parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
        throw RestException.unusable("the answer is not an array of objects");
      }
      return trades;
    } catch (IOException e) {
      throw RestException.unusable("the answer is not JSON: " + FrameJson.problem(e));
    }
  }

  private static MatchFields row(String product, JsonParser parser) throws IOException {
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

  private static HistoricTrade trade(String product, MatchFields fields) throws RestException {
    RejectReason reason = fields.reason();
    if (reason != null) {
      throw RestException.unusable(
          "a row of the answer is not a trade (" + reason + "): " + fields.problem());
    }
    FeedEvent.Tick tick = fields.toTick(product, false);
    FeedEvent.VenueTrade trade = Objects.requireNonNull(tick.trade(), "a match has an id");
    return new HistoricTrade(
        trade.id(),
        trimmed(tick.price()),
        trimmed(Objects.requireNonNull(tick.volume(), "a match has a size")),
        tick.eventTime(),
        trade.side());
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
