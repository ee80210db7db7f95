package io.marketstream.spark.metrics;

import io.marketstream.spark.progress.PartitionOffsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.streaming.SourceProgress;
import org.apache.spark.sql.streaming.StateOperatorProgress;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.jspecify.annotations.Nullable;

/**
 * Spark's measurements of a batch. A number that Spark did not report is {@link #UNKNOWN}.
 *
 * @param batchId Spark's id of the batch
 * @param triggerMs from the search for new offsets to the commit
 * @param phasesMs duration of each phase of the trigger; phases that Spark did not measure are
 *     absent
 * @param recordsPerSecond Kafka records of the batch, divided by the time since the batch before it
 * @param lag Kafka records that existed when the batch was planned and are not in it
 * @param stateRows number of symbols with state
 * @param stateBytes memory of the state stores
 */
public record SparkProgress(
    long batchId,
    long triggerMs,
    Map<Phase, Long> phasesMs,
    double recordsPerSecond,
    long lag,
    long stateRows,
    long stateBytes) {

  public SparkProgress {
    phasesMs = Map.copyOf(phasesMs);
  }

  /** A number that Spark did not report. */
  static final long UNKNOWN = -1;

  /** A batch that Spark did not report. */
  static final SparkProgress NONE =
      new SparkProgress(UNKNOWN, UNKNOWN, Map.of(), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

  /** The phases of a trigger, in the order in which Spark runs them. */
  enum Phase {
    LATEST_OFFSET("latestOffset", "Asking Kafka for the ends of the partitions"),
    WAL_COMMIT("walCommit", "Writing the offsets of the batch to the checkpoint"),
    GET_BATCH("getBatch", "Creating the plan's source from the offsets"),
    QUERY_PLANNING("queryPlanning", "Planning the batch"),
    ADD_BATCH("addBatch", "Reading, folding and writing: the work itself"),
    COMMIT_OFFSETS("commitOffsets", "Writing the commit of the batch to the checkpoint");

    private final String sparkName;
    private final String meaning;

    Phase(String sparkName, String meaning) {
      this.sparkName = sparkName;
      this.meaning = meaning;
    }

    /** Returns the name in the log and in the metrics. */
    String key() {
      return name().toLowerCase(Locale.ROOT) + "_ms";
    }

    /** Returns the description for the documentation. */
    String meaning() {
      return meaning;
    }

    private long ms(Map<String, Long> durationMs) {
      return durationMs.getOrDefault(sparkName, UNKNOWN);
    }
  }

  static SparkProgress of(StreamingQueryProgress progress) {
    // The query has one source and one operator with state.
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

  private static Map<Phase, Long> phases(Map<String, Long> durationMs) {
    Map<Phase, Long> phases = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      long ms = phase.ms(durationMs);
      if (ms != UNKNOWN) {
        phases.put(phase, ms);
      }
    }
    return phases;
  }

  /** Returns the duration of a phase in ms, or {@link #UNKNOWN}. */
  long phaseMs(Phase phase) {
    return phasesMs.getOrDefault(phase, UNKNOWN);
  }

  /**
   * Returns the number of records that a batch left in the partitions. In real-time mode, the ends
   * are those at the start of the interval, and a partition may be beyond them. It does not make up
   * for another one.
   *
   * @param latest ends of the partitions; null if there was nothing to read
   * @param end next offsets to read
   */
  static long lag(@Nullable String latest, @Nullable String end) {
    Optional<Map<String, Long>> ends = PartitionOffsets.read(latest);
    Optional<Map<String, Long>> next = PartitionOffsets.read(end);
    if (ends.isEmpty() || next.isEmpty()) {
      return UNKNOWN;
    }
    return ends.get().entrySet().stream()
        .mapToLong(
            each -> Math.max(0, each.getValue() - next.get().getOrDefault(each.getKey(), 0L)))
        .sum();
  }
}
