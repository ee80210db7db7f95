package io.marketstream.spark.record;

/**
 * What one Kafka record turned out to be: a tick, a gap, or something that could not be understood.
 */
public sealed interface MarketRecord permits Tick, Gap, Reject {
  /** Where the record stands in Kafka; never null. */
  RecordPosition at();
}
