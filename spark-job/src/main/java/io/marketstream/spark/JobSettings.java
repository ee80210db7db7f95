package io.marketstream.spark;

import io.marketstream.model.CandleInterval;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the job was asked to do, checked.
 *
 * @param bootstrapServers Kafka's {@code host:port,…}
 * @param topics topics of ticks
 * @param gapsTopic topic of gap records
 * @param rejectedTopic topic of rejected records
 * @param keyspace the Cassandra keyspace of all tables
 * @param checkpoint directory, as Hadoop spells it
 * @param candles the intervals to keep; no two of the same length
 * @param latenessMs how long a candle stays open behind its end, in event time
 * @param trigger the pause between batches
 * @param startingOffsets {@code earliest} or {@code latest}; a checkpoint wins over it
 * @param maxOffsetsPerTrigger most records of one batch
 * @param futureToleranceMs how far an event time may be ahead of its receipt; below the lateness
 * @param kafkaOptions options of Spark's Kafka source and of the job's clients, as Spark spells
 *     them
 */
public record JobSettings(
    String bootstrapServers,
    List<String> topics,
    String gapsTopic,
    String rejectedTopic,
    String keyspace,
    String checkpoint,
    List<CandleInterval> candles,
    long latenessMs,
    BatchTrigger trigger,
    String startingOffsets,
    long maxOffsetsPerTrigger,
    long futureToleranceMs,
    Map<String, String> kafkaOptions) {

  public JobSettings {
    topics = List.copyOf(topics);
    candles = List.copyOf(candles);
    kafkaOptions = Map.copyOf(kafkaOptions);
  }

  /** All topics that the job reads; that of gaps comes last. */
  public List<String> topicsRead() {
    return Stream.concat(topics.stream(), Stream.of(gapsTopic)).toList();
  }
}
