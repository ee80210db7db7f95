package io.marketstream.embedded.component;

import java.net.URI;

/** A Kafka Connect worker. */
public interface ConnectWorker extends Component {
  /** Base of its REST API, without a trailing slash. */
  URI restUri();

  /** A client of its REST API. */
  default ConnectRest rest() {
    return new ConnectRest(restUri());
  }
}
