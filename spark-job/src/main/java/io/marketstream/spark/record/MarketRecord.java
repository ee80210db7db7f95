package io.marketstream.spark.record;

/** A parsed Kafka record: a tick, a gap, or a reject. */
public sealed interface MarketRecord permits Tick, Gap, Reject {
  /** Returns the position of the record in Kafka. */
  RecordPosition at();
}
