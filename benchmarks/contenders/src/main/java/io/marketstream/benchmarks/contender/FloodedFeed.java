package io.marketstream.benchmarks.contender;

/** The messages of a feed, as a benchmark needs them: all usual, none of them special. */
public enum FloodedFeed {
  /** Trades; a client subscribes to each symbol with a message. */
  FINNHUB {
    @Override
    public String symbol(int number) {
      return "SYM" + number;
    }

    @Override
    String message(int number, int ticks, int symbols, long time) {
      StringBuilder json = new StringBuilder("{\"data\":[");
      for (int i = 0; i < ticks; i++) {
        int trade = number * ticks + i;
        json.append(i == 0 ? "" : ",")
            .append("{\"c\":")
            .append(trade % 3 == 0 ? "null" : trade % 3 == 1 ? "[\"1\"]" : "[\"1\",\"12\"]")
            .append(",\"p\":")
            .append(price(trade))
            .append(",\"s\":\"")
            .append(symbol(trade % symbols))
            .append("\",\"t\":")
            .append(time)
            .append(",\"v\":")
            .append(1 + trade % 500)
            .append('}');
      }
      return json.append("],\"type\":\"trade\"}").toString();
    }

    @Override
    public int subscriptions(int symbols) {
      return symbols;
    }
  },

  /** Prices; a client names its assets in the address. */
  COINCAP {
    @Override
    public String symbol(int number) {
      return "asset-" + number;
    }

    @Override
    String message(int number, int ticks, int symbols, long time) {
      StringBuilder json = new StringBuilder("{");
      for (int i = 0; i < ticks; i++) {
        int tick = number * ticks + i;
        json.append(i == 0 ? "\"" : ",\"")
            .append(symbol(tick % symbols))
            .append("\":\"")
            .append(price(tick))
            .append("\"");
      }
      return json.append('}').toString();
    }

    @Override
    public int subscriptions(int symbols) {
      return 0;
    }
  };

  /** Name of the symbol with this number. */
  public abstract String symbol(int number);

  /**
   * A message.
   *
   * @param number of the message; symbols take turns from one message to the next
   * @param ticks in it, not more than there are symbols
   * @param time of the trades, epoch ms; without meaning where the feed sends none
   */
  abstract String message(int number, int ticks, int symbols, long time);

  /** How many messages a client sends before it gets anything. */
  public abstract int subscriptions(int symbols);

  private static String price(int tick) {
    return (100 + tick % 900) + "." + (10 + tick % 90);
  }
}
