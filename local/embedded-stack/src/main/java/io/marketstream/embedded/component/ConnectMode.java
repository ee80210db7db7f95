package io.marketstream.embedded.component;

/** The mode of a Connect worker. */
public enum ConnectMode {
  /** Configuration, offsets and status are in Kafka. For production. */
  DISTRIBUTED,
  /** One process, with offsets in a file. It keeps its tasks while the broker is down. */
  STANDALONE
}
