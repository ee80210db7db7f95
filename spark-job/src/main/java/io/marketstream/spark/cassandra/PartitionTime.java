package io.marketstream.spark.cassandra;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** The times that partition keys are cut by; all UTC, whatever the machine's zone. */
final class PartitionTime {
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private PartitionTime() {}

  /** The start of the hour, epoch ms. */
  static long hour(long epochMs) {
    return Math.floorDiv(epochMs, HOUR) * HOUR;
  }

  /** The first day of the month in days since 1970: as a CQL date counts. */
  static int month(long epochMs) {
    return Math.toIntExact(
        Instant.ofEpochMilli(epochMs)
            .atOffset(ZoneOffset.UTC)
            .toLocalDate()
            .withDayOfMonth(1)
            .toEpochDay());
  }
}
