package io.marketstream.coincap;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.WireDecimal;
import io.marketstream.feed.record.TickKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads price messages exactly as CoinCap writes them (docs/feeds.md, "CoinCap"): no white space,
 * names without an escape, prices in plain notation. It leaves every other frame to {@link
 * CoinCapDecoder}, also each one with a price that is not sound, so it has nothing to reject.
 */
final class PriceScanner {

  /** Room for over a thousand assets. A longer frame would cost too much if it were read twice. */
  private static final int LONGEST_FRAME = 50_000;

  /** About what an asset and its price take, in characters. */
  private static final int USUAL_LENGTH = 20;

  private final String frame;
  private final AssetNames assets;
  private final long receivedAt;
  private int at;

  private PriceScanner(String frame, AssetNames assets, long receivedAt) {
    this.frame = frame;
    this.assets = assets;
    this.receivedAt = receivedAt;
  }

  /**
   * The prices of a message in wire order.
   *
   * @return null if the frame is anything else
   */
  static List<FeedEvent> scan(String frame, AssetNames assets, long receivedAt) {
    return frame.length() > LONGEST_FRAME
        ? null
        : new PriceScanner(frame, assets, receivedAt).prices();
  }

  private List<FeedEvent> prices() {
    if (!skip("{\"")) {
      return null;
    }
    List<FeedEvent> prices = new ArrayList<>(1 + frame.length() / USUAL_LENGTH);
    do {
      String asset = asset();
      String price = asset != null && skip("\":\"") ? price() : null;
      if (price == null) {
        return null;
      }
      prices.add(new FeedEvent.Tick(TickKind.PRICE, asset, price, null, null, receivedAt));
    } while (skip("\",\""));
    return skip("\"}") && at == frame.length() ? prices : null;
  }

  private String asset() {
    String asset = assets.at(frame, at);
    if (asset != null) {
      at += asset.length();
    }
    return asset;
  }

  /**
   * A number that is not negative, in plain notation; null for anything else, and for long numbers.
   * A number of so few characters is within {@link WireDecimal}'s bounds: they need no check.
   */
  private String price() {
    int start = at;
    if (!wholeNumber() || (skip(".") && !digits()) || at - start > WireDecimal.MAX_DIGITS) {
      return null;
    }
    return frame.substring(start, at);
  }

  /** A plain number has no zeros before other digits. */
  private boolean wholeNumber() {
    int start = at;
    return digits() && (frame.charAt(start) != '0' || at == start + 1);
  }

  private boolean digits() {
    int start = at;
    while (at < frame.length() && frame.charAt(at) >= '0' && frame.charAt(at) <= '9') {
      at++;
    }
    return at > start;
  }

  private boolean skip(String expected) {
    if (!frame.startsWith(expected, at)) {
      return false;
    }
    at += expected.length();
    return true;
  }
}
