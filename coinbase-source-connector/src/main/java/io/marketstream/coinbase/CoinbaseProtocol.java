package io.marketstream.coinbase;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FeedProtocol;
import io.marketstream.feed.protocol.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The websocket protocol of Coinbase Exchange, without a key (docs/feeds.md, "Coinbase"). It
 * subscribes to the channels {@code matches} and {@code heartbeat}.
 */
final class CoinbaseProtocol implements FeedProtocol {

  /** The feed closes the socket if a message is too big. Its limit is not documented. */
  static final int MAX_PRODUCTS_PER_FRAME = 100;

  private final String url;
  private final List<String> products;
  private final CoinbaseDecoder decoder;

  CoinbaseProtocol(String url, List<String> products) {
    this.url = url;
    this.products = List.copyOf(products);
    this.decoder = new CoinbaseDecoder(products);
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public String redact(String text) {
    return text;
  }

  @Override
  public @Nullable String credentialKey() {
    return null;
  }

  @Override
  public List<String> ledgerSymbols() {
    return products;
  }

  @Override
  public List<Subscription> subscriptions(List<String> wanted) {
    List<Subscription> frames = new ArrayList<>();
    for (int from = 0; from < wanted.size(); from += MAX_PRODUCTS_PER_FRAME) {
      List<String> some =
          wanted.subList(from, Math.min(wanted.size(), from + MAX_PRODUCTS_PER_FRAME));
      frames.add(new Subscription(List.copyOf(some), frame(some)));
    }
    return frames;
  }

  /** The names of products need no escapes: the configuration allows letters and digits only. */
  private static String frame(List<String> some) {
    return some.stream()
        .collect(
            Collectors.joining(
                "\",\"",
                "{\"type\":\"subscribe\",\"product_ids\":[\"",
                "\"],\"channels\":[\"matches\",\"heartbeat\"]}"));
  }

  @Override
  public boolean answersSubscriptions() {
    return true;
  }

  @Override
  public List<FeedEvent> decode(String frame, long receivedAt) {
    return decoder.decode(frame, receivedAt);
  }
}
