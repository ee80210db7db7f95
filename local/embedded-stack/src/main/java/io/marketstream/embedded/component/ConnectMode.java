package io.marketstream.embedded.component;

/** How a Connect worker runs. */
public enum ConnectMode {
  /** Configuration, offsets and status in Kafka: for production. */
  DISTRIBUTED,
  /** One process, offsets in a file; it keeps its tasks while the broker is away. */
  STANDALONE
}
