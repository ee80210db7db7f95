package io.marketstream.simulator.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What one connection subscribed to: per channel, its products. It reads the requests of the client
 * and decides on them. Used by the sender thread only.
 */
final class ChannelSubscriptions {

  static final String MATCHES = "matches";
  static final String HEARTBEAT = "heartbeat";
  static final String TICKER = "ticker";

  static final String MALFORMED = CoinbaseFrames.error("Malformed JSON", null);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATUS = "status";

  /** Channels without a key, and their names in the answer. */
  private static final Map<String, String> KEYLESS =
      Map.of(
          MATCHES,
          MATCHES,
          HEARTBEAT,
          HEARTBEAT,
          TICKER,
          TICKER,
          "ticker_batch",
          "ticker_batch",
          STATUS,
          STATUS,
          "auctionfeed",
          "auctionfeed",
          "level2_batch",
          "level2_50",
          "rfq_matches",
          "rfq_matches");

  private static final Set<String> WITH_KEY = Set.of("level2", "level3", "full", "user", "balance");
  private static final String KEY_NEEDED =
      "level2, level3, and full channels now require authentication."
          + " https://docs.cloud.coinbase.com/exchange/docs/websocket-auth";
  private static final String WRONG_TYPE = "Type has to be either subscribe or unsubscribe";
  private static final String NO_CHANNELS = "No channels provided";
  private static final String NOT_A_LIST = "Invalid product ID provided";
  private static final String NO_PRODUCT = " is not a valid product";

  /**
   * The effect of a request.
   *
   * @param isSubscribe whether it was a subscribe request
   * @param errors the error frames, in the order of the wire
   * @param isAnswered whether {@code subscriptions} follows
   * @param added per channel, the products that the request named and that are subscribed now
   */
  record Outcome(
      boolean isSubscribe,
      List<String> errors,
      boolean isAnswered,
      Map<String, Set<String>> added) {

    private static Outcome refused(boolean isSubscribe, String error) {
      return new Outcome(isSubscribe, List.of(error), false, Map.of());
    }
  }

  private record Wish(String channel, Set<String> products) {}

  /** A request that is refused as a whole. */
  private static final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    private RefusedRequestException(String reason) {
      super(reason);
      this.reason = reason;
    }

    private String reason() {
      return reason;
    }
  }

  private final CoinbaseVenue venue;
  private final Map<String, Set<String>> channels = new LinkedHashMap<>();
  private boolean asked;

  ChannelSubscriptions(CoinbaseVenue venue) {
    this.venue = venue;
  }

  /** Whether the client ever sent a subscribe request. */
  boolean hasAsked() {
    return asked;
  }

  /** The products of a channel; empty if it is not subscribed. */
  Set<String> products(String channel) {
    return channels.getOrDefault(channel, Set.of());
  }

  /** The channels and their products, both in random order. */
  Map<String, List<String>> shuffled(Random random) {
    List<String> names = new ArrayList<>(channels.keySet());
    Collections.shuffle(names, random);
    Map<String, List<String>> shuffled = new LinkedHashMap<>();
    for (String name : names) {
      List<String> products = new ArrayList<>(products(name));
      Collections.shuffle(products, random);
      shuffled.put(name, products);
    }
    return shuffled;
  }

  /** Applies a message of the client. */
  Outcome apply(String text) {
    JsonNode request;
    try {
      request = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return Outcome.refused(false, MALFORMED);
    }
    String type = request.path("type").asText();
    boolean isSubscribe = type.equals("subscribe");
    if (!isSubscribe && !type.equals("unsubscribe")) {
      return Outcome.refused(false, CoinbaseFrames.failedToSubscribe(WRONG_TYPE));
    }
    asked |= isSubscribe;
    try {
      return isSubscribe ? subscribe(wishes(request)) : unsubscribe(request);
    } catch (RefusedRequestException e) {
      return Outcome.refused(isSubscribe, CoinbaseFrames.failedToSubscribe(e.reason()));
    }
  }

  private Outcome subscribe(List<Wish> wishes) {
    List<String> errors = new ArrayList<>();
    Map<String, Set<String>> added = new LinkedHashMap<>();
    for (Wish wish : wishes) {
      String channel = KEYLESS.get(wish.channel());
      if (channel == null) {
        errors.add(
            CoinbaseFrames.failedToSubscribe(
                WITH_KEY.contains(wish.channel())
                    ? KEY_NEEDED
                    : wish.channel() + " is not a valid channel"));
      } else if (channel.equals(STATUS)) {
        channels.computeIfAbsent(STATUS, unseen -> new LinkedHashSet<>());
      } else if (wish.products().isEmpty()) {
        errors.add(CoinbaseFrames.failedToSubscribe(NO_PRODUCT));
      } else {
        for (String product : wish.products()) {
          subscribe(channel, product, errors, added);
        }
      }
    }
    return new Outcome(true, errors, true, added);
  }

  private void subscribe(
      String channel, String product, List<String> errors, Map<String, Set<String>> added) {
    if (!venue.isListed(product)) {
      errors.add(CoinbaseFrames.failedToSubscribe(product + NO_PRODUCT));
    } else if (venue.isDelisted(product)) {
      errors.add(CoinbaseFrames.failedToSubscribe(product + " is delisted"));
    } else {
      channels.computeIfAbsent(channel, unseen -> new LinkedHashSet<>()).add(product);
      added.computeIfAbsent(channel, unseen -> new LinkedHashSet<>()).add(product);
    }
  }

  private Outcome unsubscribe(JsonNode request) throws RefusedRequestException {
    if (request.path("channels").isEmpty() && !request.path("product_ids").isEmpty()) {
      Set<String> products = products(request);
      channels.values().forEach(subscribed -> subscribed.removeAll(products));
    } else {
      for (Wish wish : wishes(request)) {
        String channel = KEYLESS.getOrDefault(wish.channel(), wish.channel());
        Set<String> subscribed = channels.get(channel);
        if (subscribed != null && !wish.products().isEmpty()) {
          subscribed.removeAll(wish.products());
        } else {
          channels.remove(channel);
        }
      }
    }
    channels.entrySet().removeIf(entry -> entry.getValue().isEmpty() && !isStatus(entry.getKey()));
    return new Outcome(false, List.of(), true, Map.of());
  }

  private static boolean isStatus(String channel) {
    return channel.equals(STATUS);
  }

  private static List<Wish> wishes(JsonNode request) throws RefusedRequestException {
    JsonNode channels = request.path("channels");
    if (!channels.isArray() || channels.isEmpty()) {
      throw new RefusedRequestException(NO_CHANNELS);
    }
    Set<String> root = products(request);
    List<Wish> wishes = new ArrayList<>();
    for (JsonNode channel : channels) {
      if (!channel.isObject()) {
        wishes.add(new Wish(channel.asText(), root));
        continue;
      }
      Set<String> products = new LinkedHashSet<>(root);
      products.addAll(products(channel));
      if (!root.isEmpty() && channel.path("product_ids").isArray() && products(channel).isEmpty()) {
        throw new RefusedRequestException(NO_PRODUCT);
      }
      wishes.add(new Wish(channel.path("name").asText(), products));
    }
    return wishes;
  }

  private static Set<String> products(JsonNode holder) throws RefusedRequestException {
    JsonNode ids = holder.path("product_ids");
    if (ids.isMissingNode() || ids.isNull()) {
      return Set.of();
    }
    if (!ids.isArray()) {
      throw new RefusedRequestException(NOT_A_LIST);
    }
    Set<String> products = new LinkedHashSet<>();
    ids.forEach(id -> products.add(id.asText()));
    return products;
  }
}
