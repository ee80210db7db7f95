package io.marketstream.spark.settings;

import io.marketstream.model.CandleInterval;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The validated settings of the job, from the options of its command line.
 *
 * @param bootstrapServers Kafka's {@code host:port,…}
 * @param topics topics of ticks
 * @param gapsTopic topic of gap records
 * @param rejectedTopic topic of rejected records
 * @param keyspace the Cassandra keyspace of all tables
 * @param checkpoint the directory, as a path of Hadoop
 * @param candles the candle intervals; no two have the same length
 * @param latenessMs how long a candle stays open after its end, in event time
 * @param trigger when the next batch starts
 * @param startingOffsets {@code earliest} or {@code latest}; ignored if there is a checkpoint
 * @param maxOffsetsPerTrigger maximum number of records per batch
 * @param futureToleranceMs how far an event time may be ahead of its {@code received_at}; less than
 *     the lateness
 * @param kafkaOptions options of Spark's Kafka source and of the job's Kafka clients; client
 *     properties have the prefix {@code kafka.}
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

  /** Returns all topics that the job reads. The gaps topic is the last one. */
  public List<String> topicsRead() {
    return Stream.concat(topics.stream(), Stream.of(gapsTopic)).toList();
  }
}
