package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.marketstream.spark.failure.StartException;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.SparkConf;

/**
 * The settings for writing rows. Spark sends them to the executors.
 *
 * @param keyspace name of the keyspace, as the user gives it
 * @param consistency consistency level of every write, as the driver names it
 * @param inFlight maximum number of requests of one task that wait for a response
 * @param batchBytes a request is sent when its rows reach about this size
 * @param timeoutMs timeout of a request, including retries of the driver
 */
public record WriteSettings(
    String keyspace, String consistency, int inFlight, int batchBytes, long timeoutMs)
    implements Serializable {

  private static final String CONSISTENCY = "spark.cassandra.output.consistency.level";
  private static final String IN_FLIGHT = "spark.cassandra.output.concurrent.writes";
  private static final String BATCH_BYTES = "spark.cassandra.output.batch.size.bytes";
  private static final String TIMEOUT = "spark.marketstream.requestTimeout";

  private static final long MIN_TIMEOUT_MS = 1000;

  /**
   * Reads the settings from Spark's configuration. Their names and meanings are the connector's.
   *
   * @throws StartException if a value cannot be used
   */
  public static WriteSettings of(String keyspace, SparkConf conf) {
    String consistency = conf.get(CONSISTENCY, "LOCAL_QUORUM");
    require(
        Arrays.stream(DefaultConsistencyLevel.values())
            .anyMatch(level -> level.name().equals(consistency)),
        CONSISTENCY + " '" + consistency + "' is not a consistency level");
    long timeoutMs = conf.getTimeAsMs(TIMEOUT, "10s");
    require(timeoutMs >= MIN_TIMEOUT_MS, TIMEOUT + " must be at least one second");
    return new WriteSettings(
        keyspace,
        consistency,
        Math.max(1, conf.getInt(IN_FLIGHT, 32)),
        conf.getInt(BATCH_BYTES, 16 * 1024),
        timeoutMs);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new StartException(message);
    }
  }
}
