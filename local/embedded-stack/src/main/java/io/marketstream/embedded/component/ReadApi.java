package io.marketstream.embedded.component;

import java.net.URI;

/** The HTTP API over the Cassandra tables, with its web page. */
public interface ReadApi extends Component {
  /** Returns the address of the page. The endpoints are below it. */
  URI address();
}
