package io.marketstream.toy;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.feed.protocol.WireDecimal;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.util.List;

/** Decodes the toy feed's frames: {@code SYMBOL PRICE SIZE}, or {@code BYE} for a wrong key. */
final class ToyDecoder {

  private ToyDecoder() {}

  static List<FeedEvent> decode(String frame, long receivedAt) {
    if (frame.equals("BYE")) {
      return List.of(new FeedEvent.Unauthorized(frame));
    }
    String[] fields = frame.split(" ", -1);
    if (fields.length != 3 || fields[0].isEmpty()) {
      return rejected(RejectReason.MISSING_FIELD, "a tick is SYMBOL PRICE SIZE", frame);
    }
    String price = WireDecimal.plain(fields[1]);
    String size = WireDecimal.plain(fields[2]);
    if (price == null || size == null) {
      return rejected(RejectReason.INVALID_DECIMAL, "no decimal", frame);
    }
    return List.of(new FeedEvent.Tick(TickKind.TRADE, fields[0], price, size, null, receivedAt));
  }

  private static List<FeedEvent> rejected(RejectReason reason, String detail, String frame) {
    return List.of(new FeedEvent.Rejected(reason, detail, frame));
  }
}
