package io.marketstream.model;

/** The names of the Cassandra tables. The files in {@code cassandra-cql} create them. */
public final class Tables {
  /** The default name of the keyspace. */
  public static final String KEYSPACE = "market_data";

  /** Every tick. */
  public static final String TICKS = "ticks";

  /** The newest tick of each symbol. */
  public static final String LATEST_TICKS = "latest_ticks";

  /** Candles of every interval of the job. */
  public static final String CANDLES = "candles";

  /** Gaps: every interval in which ticks may have been missed. */
  public static final String FEED_GAPS = "feed_gaps";

  /** The options with which each job has run. */
  public static final String JOB_OPTIONS = "job_options";

  /** How far each query of a job has come. */
  public static final String JOB_PROGRESS = "job_progress";

  /** The verdicts of {@code audit --daily}. */
  public static final String AUDITED_DAYS = "audited_days";

  private Tables() {}
}
