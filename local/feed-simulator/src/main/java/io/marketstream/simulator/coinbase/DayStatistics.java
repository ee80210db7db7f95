package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.market.SimMatch;
import java.math.BigDecimal;

/**
 * The prices and the volume of one product since the start of the simulator, which takes the place
 * of a day. Not thread-safe.
 */
final class DayStatistics {

  private BigDecimal open = BigDecimal.ZERO;
  private BigDecimal low = BigDecimal.ZERO;
  private BigDecimal high = BigDecimal.ZERO;
  private BigDecimal volume = BigDecimal.ZERO;

  void add(SimMatch trade) {
    BigDecimal price = new BigDecimal(trade.price());
    if (volume.signum() == 0) {
      open = price;
      low = price;
      high = price;
    }
    low = low.min(price);
    high = high.max(price);
    volume = volume.add(new BigDecimal(trade.size()));
  }

  String open() {
    return text(open);
  }

  String low() {
    return text(low);
  }

  String high() {
    return text(high);
  }

  String volume() {
    return text(volume);
  }

  private static String text(BigDecimal value) {
    return value.stripTrailingZeros().toPlainString();
  }
}
