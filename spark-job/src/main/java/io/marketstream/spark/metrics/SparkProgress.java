package io.marketstream.spark.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StateOperatorProgress;
import org.apache.spark.sql.streaming.StreamingQueryProgress;

/**
 * What only Spark knows of a batch. A number that it did not tell is {@link #UNKNOWN}.
 *
 * @param batchId the batch's
 * @param triggerMs from the look for new offsets to the commit
 * @param phasesMs parts of it; a part that Spark did not measure is absent
 * @param recordsPerSecond Kafka records of the batch by the time since the batch before it
 * @param lag Kafka records that were there when the batch was planned and are not in it
 * @param stateRows symbols with state
 * @param stateBytes memory of the state stores
 */
public record SparkProgress(
    long batchId,
    long triggerMs,
    Map<TriggerPhase, Long> phasesMs,
    double recordsPerSecond,
    long lag,
    long stateRows,
    long stateBytes) {

  public SparkProgress {
    phasesMs = Map.copyOf(phasesMs);
  }

  public static final long UNKNOWN = -1;

  static final SparkProgress NONE =
      new SparkProgress(UNKNOWN, UNKNOWN, Map.of(), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

  private static final JsonFactory JSON = new JsonFactory();

  static SparkProgress of(StreamingQueryProgress progress) {
    // The query has one source, and one operator with state.
    SourceProgress source = progress.sources()[0];
    StateOperatorProgress[] states = progress.stateOperators();
    double recordsPerSecond = progress.inputRowsPerSecond();
    return new SparkProgress(
        progress.batchId(),
        progress.durationMs().getOrDefault("triggerExecution", UNKNOWN),
        phases(progress.durationMs()),
        Double.isFinite(recordsPerSecond) ? recordsPerSecond : UNKNOWN,
        lag(source.latestOffset(), source.endOffset()),
        states.length == 0 ? UNKNOWN : states[0].numRowsTotal(),
        states.length == 0 ? UNKNOWN : states[0].memoryUsedBytes());
  }

  private static Map<TriggerPhase, Long> phases(Map<String, Long> durationMs) {
    Map<TriggerPhase, Long> phases = new EnumMap<>(TriggerPhase.class);
    for (TriggerPhase phase : TriggerPhase.values()) {
      long ms = phase.in(durationMs);
      if (ms != UNKNOWN) {
        phases.put(phase, ms);
      }
    }
    return phases;
  }

  /** The ms that a part of the trigger took, or {@link #UNKNOWN}. */
  long phaseMs(TriggerPhase phase) {
    return phasesMs.getOrDefault(phase, UNKNOWN);
  }

  /**
   * The records between two offsets of the Kafka source, which are written {@code
   * {"topic":{"0":1234}}} and always name the same partitions.
   *
   * @param latest null where there was nothing to read
   */
  static long lag(String latest, String end) {
    if (latest == null || end == null) {
      return UNKNOWN;
    }
    try {
      return Math.max(0, sumOfNumbers(latest) - sumOfNumbers(end));
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static long sumOfNumbers(String json) throws IOException {
    long sum = 0;
    try (JsonParser parser = JSON.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_NUMBER_INT) {
          sum += parser.getLongValue();
        }
      }
    }
    return sum;
  }
}
