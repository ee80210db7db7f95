package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.marketstream.spark.StartException;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.SparkConf;

/**
 * How rows are written. Goes to the executors with the tasks.
 *
 * @param keyspace as the user spells it
 * @param consistency of every write, as the driver names it
 * @param inFlight most requests of one task that wait for their answer
 * @param batchBytes a request is sent once its rows take as much, by a rough count
 * @param timeoutMs of a request, with the attempts that the driver makes by itself
 */
public record WriteSettings(
    String keyspace, String consistency, int inFlight, int batchBytes, long timeoutMs)
    implements Serializable {

  private static final String CONSISTENCY = "spark.cassandra.output.consistency.level";
  private static final String IN_FLIGHT = "spark.cassandra.output.concurrent.writes";
  private static final String BATCH_BYTES = "spark.cassandra.output.batch.size.bytes";
  private static final String TIMEOUT = "spark.marketstream.requestTimeout";

  private static final long LEAST_TIMEOUT_MS = 1000;

  /**
   * As the session's configuration says; names and meaning are those of the connector.
   *
   * @throws StartException if a value cannot be used
   */
  public static WriteSettings of(String keyspace, SparkConf conf) {
    String consistency = conf.get(CONSISTENCY, "LOCAL_QUORUM");
    require(
        Arrays.stream(DefaultConsistencyLevel.values())
            .anyMatch(level -> level.name().equals(consistency)),
        CONSISTENCY + " '" + consistency + "' is no consistency level");
    long timeoutMs = conf.getTimeAsMs(TIMEOUT, "10s");
    require(timeoutMs >= LEAST_TIMEOUT_MS, TIMEOUT + " must be at least a second");
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
