package io.marketstream.spark.cassandra;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** The hours and months in partition keys, in UTC. */
final class PartitionTime {
  private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);

  private PartitionTime() {}

  /** Returns the start of the hour, epoch ms. */
  static long hour(long epochMs) {
    return Math.floorDiv(epochMs, HOUR_MS) * HOUR_MS;
  }

  /** Returns the first day of the month, in days since 1970 as in a CQL date. */
  static int month(long epochMs) {
    return Math.toIntExact(
        Instant.ofEpochMilli(epochMs)
            .atOffset(ZoneOffset.UTC)
            .toLocalDate()
            .withDayOfMonth(1)
            .toEpochDay());
  }
}
