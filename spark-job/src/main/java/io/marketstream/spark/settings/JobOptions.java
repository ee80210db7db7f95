package io.marketstream.spark.settings;

import io.marketstream.model.CandleInterval;
import io.marketstream.model.DurationText;
import io.marketstream.model.Tables;
import io.marketstream.model.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The options of the job on its command line. */
@SuppressWarnings("NullAway.Init") // picocli sets the options
public final class JobOptions {
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern KEYSPACE = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,47}");

  /** Above some hundreds, reading and writing the state takes most of the time of a batch. */
  private static final int MAX_OPEN_CANDLES = 500;

  private static final String REAL_TIME = "realtime";

  /** A crash repeats up to this much. At each commit, ticks wait for some hundred ms. */
  private static final long DEFAULT_CHECKPOINT_MS = 30_000;

  /** Spark's own minimum. */
  private static final long MIN_CHECKPOINT_MS = 5_000;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT,...",
      description = "Kafka brokers of the first connection. Required.")
  String bootstrapServers;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description =
          "Directory where the job stores how far it has read. The driver and all executors must"
              + " see it. Required.")
  String checkpoint;

  @Option(
      names = "--topics",
      split = ",",
      defaultValue = Topics.TICKS,
      paramLabel = "NAME,...",
      description = "Topics of ticks. They may be created later. Default: ${DEFAULT-VALUE}")
  List<String> topics = new ArrayList<>();

  @Option(
      names = "--gaps-topic",
      defaultValue = Topics.GAPS,
      paramLabel = "NAME",
      description = "Topic of gap records. Default: ${DEFAULT-VALUE}")
  String gapsTopic;

  @Option(
      names = "--rejected-topic",
      defaultValue = Topics.REJECTED,
      paramLabel = "NAME",
      description =
          "Topic for rejected records. If it does not exist, the job creates it with one partition"
              + " and a retention of 30 days. Default: ${DEFAULT-VALUE}")
  String rejectedTopic;

  @Option(
      names = "--keyspace",
      defaultValue = Tables.KEYSPACE,
      paramLabel = "NAME",
      description = "Cassandra keyspace of the tables. Default: ${DEFAULT-VALUE}")
  String keyspace;

  @Option(
      names = "--candles",
      split = ",",
      defaultValue = "1m",
      paramLabel = "INTERVAL,...",
      description =
          "Candle intervals, such as 1m,5m,1h,1d. Each is a number of s, m, h or d that divides a"
              + " day. Default: ${DEFAULT-VALUE}")
  List<String> candles = new ArrayList<>();

  @Option(
      names = "--lateness",
      defaultValue = "2m",
      paramLabel = "DURATION",
      description =
          "A candle closes when the newest event time of its symbol is this far past its end. At"
              + " most 500 candles per symbol may be open. Default: ${DEFAULT-VALUE}")
  String lateness;

  @Option(
      names = "--trigger",
      defaultValue = "0s",
      paramLabel = "DURATION|once|realtime[:DURATION]",
      description =
          "Time from the start of one batch to the start of the next. 0s starts a batch as soon as"
              + " there are records. once processes everything in the topics and exits. realtime, from"
              + " Spark 4.1 on, writes each tick within milliseconds and commits the checkpoint every"
              + " DURATION, which is 30s if you leave it out. Default: ${DEFAULT-VALUE}")
  String trigger;

  @Option(
      names = "--starting-offsets",
      defaultValue = "earliest",
      paramLabel = "earliest|latest",
      description = "Where to start reading if there is no checkpoint. Default: ${DEFAULT-VALUE}")
  String startingOffsets;

  @Option(
      names = "--max-offsets-per-trigger",
      defaultValue = "200000",
      paramLabel = "N",
      description =
          "Maximum number of records per batch. It limits memory after an outage."
              + " Default: ${DEFAULT-VALUE}")
  long maxOffsetsPerTrigger;

  @Option(
      names = "--future-tolerance",
      defaultValue = "30s",
      paramLabel = "DURATION",
      description =
          "A tick is rejected if its event_time is further than this ahead of its received_at. Must"
              + " be less than --lateness. Default: ${DEFAULT-VALUE}")
  String futureTolerance;

  @Option(
      names = "--kafka-option",
      paramLabel = "KEY=VALUE",
      description =
          "A Kafka client property (security.protocol=SASL_SSL, with or without Spark's prefix"
              + " kafka.) or an option of Spark's Kafka source (failOnDataLoss=false). May be"
              + " repeated.")
  Map<String, String> kafkaOptions = new LinkedHashMap<>();

  @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
  boolean help;

  /**
   * Returns the settings, after checking each option and their combinations.
   *
   * @throws IllegalArgumentException if an option is wrong; the message names it and a right value
   */
  public JobSettings settings() {
    requireText("--bootstrap-servers", bootstrapServers);
    requireText("--checkpoint", checkpoint);
    requirePath(checkpoint);
    topics.forEach(topic -> requireTopic("--topics", topic));
    requireTopic("--gaps-topic", gapsTopic);
    requireTopic("--rejected-topic", rejectedTopic);
    requireDistinctTopics();
    require(
        KEYSPACE.matcher(keyspace).matches(),
        "--keyspace '"
            + keyspace
            + "' is not a valid keyspace name: use at most 48 letters, digits and _");
    long latenessMs = millis("--lateness", lateness);
    long futureToleranceMs = millis("--future-tolerance", futureTolerance);
    require(
        futureToleranceMs < latenessMs,
        "--future-tolerance "
            + futureTolerance
            + " must be below --lateness "
            + lateness
            + ": otherwise one tick from the future could close the current candles");
    require(
        startingOffsets.equals("earliest") || startingOffsets.equals("latest"),
        "--starting-offsets '" + startingOffsets + "' is neither earliest nor latest");
    require(maxOffsetsPerTrigger > 0, "--max-offsets-per-trigger must be greater than 0");
    BatchTrigger batches = trigger();
    Map<String, String> kafka = KafkaOptions.withClientPrefix(kafkaOptions);
    if (batches instanceof BatchTrigger.RealTime) {
      require(
          !startingOffsets.equals("latest"),
          "--starting-offsets latest is not possible with --trigger realtime: its two queries would"
              + " begin with different records");
      KafkaOptions.requireForRealTime(kafka);
    }
    List<CandleInterval> intervals = intervals();
    requireFewOpenCandles(intervals, latenessMs);
    return new JobSettings(
        bootstrapServers,
        topics,
        gapsTopic,
        rejectedTopic,
        keyspace,
        checkpoint,
        intervals,
        latenessMs,
        batches,
        startingOffsets,
        maxOffsetsPerTrigger,
        futureToleranceMs,
        kafka);
  }

  private BatchTrigger trigger() {
    if (trigger.equals("once")) {
      return new BatchTrigger.Once();
    }
    if (trigger.equals(REAL_TIME)) {
      return new BatchTrigger.RealTime(DEFAULT_CHECKPOINT_MS);
    }
    if (trigger.startsWith(REAL_TIME + ":")) {
      long checkpointMs = millis("--trigger", trigger.substring(REAL_TIME.length() + 1));
      require(
          checkpointMs >= MIN_CHECKPOINT_MS,
          "--trigger " + trigger + ": Spark accepts no interval below 5s");
      return new BatchTrigger.RealTime(checkpointMs);
    }
    return new BatchTrigger.Every(millis("--trigger", trigger));
  }

  private static long millis(String option, String text) {
    try {
      return DurationText.parse(text).toMillis();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + " " + e.getMessage(), e);
    }
  }

  private List<CandleInterval> intervals() {
    List<CandleInterval> intervals = candles.stream().map(CandleInterval::parse).toList();
    Set<Long> lengths = new HashSet<>();
    for (CandleInterval interval : intervals) {
      require(
          lengths.add(interval.millis()),
          "--candles names the interval " + interval.name() + " more than once");
    }
    return intervals;
  }

  /** Each batch writes all open candles of a symbol to the state, changed or not. */
  private void requireFewOpenCandles(List<CandleInterval> intervals, long latenessMs) {
    long open = intervals.stream().mapToLong(interval -> latenessMs / interval.millis() + 2).sum();
    require(
        open <= MAX_OPEN_CANDLES,
        "--lateness "
            + lateness
            + " keeps about "
            + open
            + " candles of each symbol open with --candles "
            + String.join(",", candles)
            + ", but at most "
            + MAX_OPEN_CANDLES
            + " may be open: choose longer candles or a shorter lateness");
  }

  /** Runs before anything starts. Hadoop takes the text before a colon as a scheme. */
  private static void requirePath(String checkpoint) {
    try {
      new Path(checkpoint);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--checkpoint '"
              + checkpoint
              + "' is not a valid path ("
              + e.getMessage()
              + "): avoid colons, or write an absolute path or a URI such as"
              + " file:///var/lib/market-stream/checkpoint",
          e);
    }
  }

  private void requireDistinctTopics() {
    List<String> all = new ArrayList<>(topics);
    all.add(gapsTopic);
    all.add(rejectedTopic);
    require(
        new HashSet<>(all).size() == all.size(),
        "--topics, --gaps-topic and --rejected-topic must be different topics");
  }

  private static void requireTopic(String option, String topic) {
    require(TOPIC.matcher(topic).matches(), option + " '" + topic + "' is not a valid topic name");
  }

  private static void requireText(String option, String value) {
    require(!value.isBlank(), option + " must not be empty");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
