package io.marketstream.model;

/** The default names of the topics. Each can be configured. */
public final class Topics {
  /** Ticks, keyed by symbol. */
  public static final String TICKS = "market_data";

  /** Gap records: every interval in which ticks may have been missed. */
  public static final String GAPS = "market_data_gaps";

  /** Input that connectors or the job could not understand. */
  public static final String REJECTED = "market_data_rejected";

  /** Heartbeats of the connectors, keyed by source. */
  public static final String HEARTBEATS = "market_data_heartbeats";

  private Topics() {}
}
