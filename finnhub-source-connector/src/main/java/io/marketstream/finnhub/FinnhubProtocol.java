package io.marketstream.finnhub;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.marketstream.feed.protocol.Credential;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.Subscription;
import java.util.List;

/**
 * Finnhub's websocket protocol, with the token in the URL and one subscribe frame per symbol
 * (docs/feeds.md, "Finnhub").
 */
final class FinnhubProtocol implements FeedProtocol {

  private final String baseUrl;
  private final Credential token;
  private final List<String> symbols;
  private final FinnhubDecoder decoder;

  FinnhubProtocol(String baseUrl, Credential token, List<String> symbols) {
    this.baseUrl = baseUrl;
    this.token = token;
    this.symbols = List.copyOf(symbols);
    this.decoder = new FinnhubDecoder(symbols);
  }

  @Override
  public String url() {
    return token.in(baseUrl, "token");
  }

  @Override
  public String redact(String text) {
    return token.redact(text);
  }

  @Override
  public String credentialKey() {
    return token.configKey();
  }

  @Override
  public List<String> ledgerSymbols() {
    return symbols;
  }

  @Override
  public List<Subscription> subscriptions(List<String> wanted) {
    return wanted.stream()
        .map(
            symbol ->
                new Subscription(
                    List.of(symbol),
                    "{\"type\":\"subscribe\",\"symbol\":\""
                        + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(symbol))
                        + "\"}"))
        .toList();
  }

  @Override
  public List<FeedEvent> decode(String frame, long receivedAt) {
    return decoder.decode(frame, receivedAt);
  }
}
