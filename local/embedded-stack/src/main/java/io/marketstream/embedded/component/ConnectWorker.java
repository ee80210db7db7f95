package io.marketstream.embedded.component;

import java.net.URI;

/** A Kafka Connect worker. */
public interface ConnectWorker extends Component {
  /** Returns the base URI of the REST API, without a trailing slash. */
  URI restUri();

  /** Returns a client of the REST API. */
  default ConnectRest rest() {
    return new ConnectRest(restUri());
  }
}
