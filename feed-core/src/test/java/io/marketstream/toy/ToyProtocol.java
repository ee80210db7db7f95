package io.marketstream.toy;

import io.marketstream.feed.protocol.Credential;
import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.Subscription;
import java.util.List;

/** The toy feed's websocket: the key in the URL, one {@code SUB} frame per symbol. */
final class ToyProtocol implements FeedProtocol {

  private final String baseUrl;
  private final Credential key;
  private final List<String> symbols;

  ToyProtocol(String baseUrl, Credential key, List<String> symbols) {
    this.baseUrl = baseUrl;
    this.key = key;
    this.symbols = List.copyOf(symbols);
  }

  @Override
  public String url() {
    return key.in(baseUrl, "key");
  }

  @Override
  public String redact(String text) {
    return key.redact(text);
  }

  @Override
  public String credentialKey() {
    return key.configKey();
  }

  @Override
  public List<String> ledgerSymbols() {
    return symbols;
  }

  @Override
  public List<Subscription> subscriptions(List<String> wanted) {
    return wanted.stream()
        .map(symbol -> new Subscription(List.of(symbol), "SUB " + symbol))
        .toList();
  }

  @Override
  public List<FeedEvent> decode(String frame, long receivedAt) {
    return ToyDecoder.decode(frame, receivedAt);
  }
}
