package io.marketstream.spark.stream;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.apache.spark.sql.streaming.Trigger;

/**
 * The real-time mode of Spark 4.1 and newer. The job is compiled for Spark 3.5, which lacks it.
 *
 * <p>In this mode, the tasks of a query run for a whole checkpoint interval. They pass each record
 * to the sink as soon as Kafka has it.
 */
public final class RealTimeMode {
  private RealTimeMode() {}

  /**
   * Checks that this Spark has the real-time mode.
   *
   * @throws IllegalArgumentException if it does not
   */
  public static void requireSupport() {
    if (Arrays.stream(Trigger.class.getMethods()).noneMatch(RealTimeMode::isFactory)) {
      throw new IllegalArgumentException(
          "--trigger realtime needs Spark 4.1 or newer, and this is Spark "
              + org.apache.spark.package$.MODULE$.SPARK_VERSION());
    }
  }

  private static boolean isFactory(Method method) {
    return method.getName().equals("RealTime");
  }

  /**
   * Returns Spark's trigger of the real-time mode.
   *
   * @param checkpointMillis time from one commit of the checkpoint to the next
   */
  static Trigger trigger(long checkpointMillis) {
    try {
      return (Trigger)
          Trigger.class.getMethod("RealTime", long.class).invoke(null, checkpointMillis);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("this Spark has no real-time mode", e);
    }
  }
}
