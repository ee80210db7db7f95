package io.marketstream.embedded.component;

import java.net.URI;
import java.util.Map;

/** The simulated feeds, as a process of their own. */
public interface FeedSimulator extends Component {
  /** Where the simulated Finnhub listens. */
  URI finnhubUrl();

  /** Where the simulated CoinCap listens. */
  URI coincapUrl();

  /** The key that the simulated feeds accept: no secret. */
  String key();

  /** Stops sending; the sockets stay open. */
  void pauseSending();

  /** Ends {@link #pauseSending()}. */
  void resumeSending();

  /** Ticks written to sockets since the start, by feed ({@code finnhub}, {@code coincap}). */
  Map<String, Long> ticksSent();
}
