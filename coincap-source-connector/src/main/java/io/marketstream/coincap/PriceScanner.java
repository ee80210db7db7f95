package io.marketstream.coincap;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameScanner;
import io.marketstream.model.TickKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads price messages exactly as CoinCap writes them (docs/feeds.md, "CoinCap"): no white space,
 * names without an escape, prices in plain notation. It leaves every other frame to {@link
 * CoinCapDecoder}, also each one with a price that is not sound, so it has nothing to reject.
 */
final class PriceScanner extends FrameScanner {

  /** Room for over a thousand assets. A longer frame would cost too much if it were read twice. */
  private static final int LONGEST_FRAME = 50_000;

  /** About what an asset and its price take, in characters. */
  private static final int USUAL_LENGTH = 20;

  private final AssetNames assets;
  private final long receivedAt;

  private PriceScanner(String frame, AssetNames assets, long receivedAt) {
    super(frame);
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
      String price = asset != null && skip("\":\"") ? decimal() : null;
      if (price == null) {
        return null;
      }
      prices.add(new FeedEvent.Tick(TickKind.PRICE, asset, price, null, null, receivedAt));
    } while (skip("\",\""));
    return skip("\"}") && atEnd() ? prices : null;
  }

  private String asset() {
    String asset = assets.at(frame, at);
    if (asset != null) {
      at += asset.length();
    }
    return asset;
  }
}
