package io.marketstream.spark.stream;

import java.time.Duration;

/**
 * The intervals and timeouts with which the query is supervised.
 *
 * @param pollInterval time between two checks of the query
 * @param maxOutage how long Kafka or Cassandra may be away, a store may refuse requests, or a disk
 *     may be full
 * @param checkInterval time between two checks of Kafka, Cassandra and the checkpoint in an outage
 * @param maxBatch a batch that takes longer counts as hanging, and its tasks are cancelled. If it
 *     still runs after the same time again, the job ends
 * @param firstRestartDelay time between a failure and the restart; doubled with each failure in a
 *     row
 */
public record SupervisorTimeouts(
    Duration pollInterval,
    Duration maxOutage,
    Duration checkInterval,
    Duration maxBatch,
    Duration firstRestartDelay) {}
