package io.marketstream.coincap;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.FrameScanner;
import io.marketstream.model.TickKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads price messages in exactly the form that CoinCap writes (docs/feeds.md, "CoinCap"): no white
 * space, names without an escape, prices in plain notation. It leaves every other frame to {@link
 * CoinCapDecoder}, including each frame with an invalid price. So it rejects nothing.
 */
final class PriceScanner extends FrameScanner {

  /** Enough for over a thousand assets. Longer frames go directly to the parser. */
  private static final int MAX_FRAME_LENGTH = 50_000;

  /** The usual length of an asset with its price, in characters. */
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
  static @Nullable List<FeedEvent> scan(String frame, AssetNames assets, long receivedAt) {
    return frame.length() > MAX_FRAME_LENGTH
        ? null
        : new PriceScanner(frame, assets, receivedAt).prices();
  }

  private @Nullable List<FeedEvent> prices() {
    if (!skip("{\"")) {
      return null;
    }
    List<FeedEvent> prices = new ArrayList<>(1 + frame.length() / USUAL_LENGTH);
    do {
      String asset = asset();
      if (asset == null || !skip("\":\"")) {
        return null;
      }
      String price = decimal();
      if (price == null) {
        return null;
      }
      prices.add(new FeedEvent.Tick(TickKind.PRICE, asset, price, null, null, receivedAt));
    } while (skip("\",\""));
    return skip("\"}") && atEnd() ? prices : null;
  }

  private @Nullable String asset() {
    String asset = assets.at(frame, at);
    if (asset != null) {
      at += asset.length();
    }
    return asset;
  }
}
