package io.marketstream.coincap;

import io.marketstream.feed.protocol.Credential;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.Subscription;
import io.marketstream.feed.record.SourceCursor;
import java.util.List;
import java.util.Set;

/** CoinCap's websocket protocol, with the subscription in the URL (docs/feeds.md, "CoinCap"). */
final class CoinCapProtocol implements FeedProtocol {

  /** The value of {@code coincap.assets} for every asset. */
  static final String ALL = "ALL";

  private final String url;
  private final Credential apiKey;
  private final List<String> ledgerSymbols;
  private final CoinCapDecoder decoder;

  /**
   * @param assets slugs, or only {@value #ALL}
   */
  CoinCapProtocol(String baseUrl, Credential apiKey, List<String> assets) {
    boolean all = assets.equals(List.of(ALL));
    String separator = baseUrl.contains("?") ? "&" : "?";
    this.url = baseUrl + separator + "assets=" + String.join(",", assets);
    this.apiKey = apiKey;
    this.ledgerSymbols = all ? List.of(SourceCursor.ALL_SYMBOLS) : List.copyOf(assets);
    Set<String> wanted = Set.copyOf(assets);
    this.decoder = new CoinCapDecoder(all ? slug -> true : wanted::contains);
  }

  @Override
  public String url() {
    return apiKey.in(url, "apiKey");
  }

  @Override
  public String redact(String text) {
    return apiKey.redact(text);
  }

  @Override
  public String credentialKey() {
    return apiKey.configKey();
  }

  @Override
  public List<String> ledgerSymbols() {
    return ledgerSymbols;
  }

  @Override
  public List<Subscription> subscriptions(List<String> symbols) {
    return List.of();
  }

  @Override
  public List<FeedEvent> decode(String frame, long receivedAt) {
    return decoder.decode(frame, receivedAt);
  }
}
