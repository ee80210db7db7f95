package io.marketstream.embedded.component;

import java.net.URI;
import java.util.Map;

/** The simulated feeds, as one process. */
public interface FeedSimulator extends Component {
  /** Returns the URL of the simulated Finnhub feed. */
  URI finnhubUrl();

  /** Returns the URL of the simulated CoinCap feed. */
  URI coincapUrl();

  /** Returns the URL of the simulated Coinbase feed. */
  URI coinbaseUrl();

  /** Returns the key that the simulated feeds accept. It is not a secret. */
  String key();

  /** Stops sending. The sockets stay open. */
  void pauseSending();

  /** Sends again after {@link #pauseSending()}. */
  void resumeSending();

  /**
   * Returns the ticks sent since the start, by feed ({@code finnhub}, {@code coincap}, {@code
   * coinbase}).
   */
  Map<String, Long> ticksSent();
}
