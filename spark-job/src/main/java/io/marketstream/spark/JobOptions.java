package io.marketstream.spark;

import io.marketstream.model.CandleInterval;
import io.marketstream.model.Tables;
import io.marketstream.model.Topics;
import io.marketstream.spark.kafka.KafkaOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the job. */
@Command(
    name = "market-data-job",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Streams market data from Kafka to Cassandra: ticks, latest ticks, candles and gaps.%n"
            + "Cassandra is configured with --conf spark.cassandra.* of spark-submit.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all there was is done (--trigger once)",
      "1:the job could not start or could not go on",
      "2:an option is wrong",
      "143:stopped by SIGTERM, after the running batch"
    })
final class JobOptions {
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern KEYSPACE = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,47}");

  /** Beyond some hundred, reading and writing a symbol's state is most of a batch. */
  private static final int MAX_OPEN_CANDLES = 500;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      paramLabel = "HOST:PORT,...",
      description = "Kafka brokers to start from. Required.")
  String bootstrapServers;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description =
          "Where the job remembers how far it is: a directory that driver and executors all see."
              + " Required.")
  String checkpoint;

  @Option(
      names = "--topics",
      split = ",",
      defaultValue = Topics.TICKS,
      paramLabel = "NAME,...",
      description = "Topics of ticks; may be created later. Default: ${DEFAULT-VALUE}")
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
          "Topic for records that cannot be understood; created if it is not there, with one"
              + " partition and 30 days. Default: ${DEFAULT-VALUE}")
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
          "Candles to keep, such as 1m,5m,1h,1d: N s, m, h or d that divide a day."
              + " Default: ${DEFAULT-VALUE}")
  List<String> candles = new ArrayList<>();

  @Option(
      names = "--lateness",
      defaultValue = "2m",
      paramLabel = "DURATION",
      description =
          "A candle closes when its symbol's newest event time is this far past its end. At most 500"
              + " candles of a symbol may be open."
              + " Default: ${DEFAULT-VALUE}")
  String lateness;

  @Option(
      names = "--trigger",
      defaultValue = "0s",
      paramLabel = "DURATION|once",
      description =
          "From one batch to the next; 0s = as soon as there is something; once = all there is, then"
              + " exit."
              + " Default: ${DEFAULT-VALUE}")
  String trigger;

  @Option(
      names = "--starting-offsets",
      defaultValue = "earliest",
      paramLabel = "earliest|latest",
      description = "Where to start without a checkpoint. Default: ${DEFAULT-VALUE}")
  String startingOffsets;

  @Option(
      names = "--max-offsets-per-trigger",
      defaultValue = "200000",
      paramLabel = "N",
      description =
          "Most records of one batch; bounds memory after an outage. Default: ${DEFAULT-VALUE}")
  long maxOffsetsPerTrigger;

  @Option(
      names = "--future-tolerance",
      defaultValue = "30s",
      paramLabel = "DURATION",
      description =
          "An event time further ahead of its own received_at is rejected; below --lateness."
              + " Default: ${DEFAULT-VALUE}")
  String futureTolerance;

  @Option(
      names = "--kafka-option",
      paramLabel = "KEY=VALUE",
      description =
          "A Kafka client property (security.protocol=SASL_SSL, with or without Spark's kafka."
              + " before it) or an option of Spark's Kafka source (failOnDataLoss=false). May be"
              + " repeated.")
  Map<String, String> kafkaOptions = new LinkedHashMap<>();

  @Option(names = "--help", usageHelp = true, description = "Show this and exit.")
  boolean help;

  /**
   * The options, checked one by one and against each other.
   *
   * @throws IllegalArgumentException naming the option and what would be right
   */
  JobSettings settings() {
    requireText("--bootstrap-servers", bootstrapServers);
    requireText("--checkpoint", checkpoint);
    requirePath(checkpoint);
    topics.forEach(topic -> requireTopic("--topics", topic));
    requireTopic("--gaps-topic", gapsTopic);
    requireTopic("--rejected-topic", rejectedTopic);
    requireDistinctTopics();
    require(
        KEYSPACE.matcher(keyspace).matches(),
        "--keyspace '" + keyspace + "' is no keyspace name: letters, digits and _, at most 48");
    long latenessMs = Durations.parseMillis("--lateness", lateness);
    long futureToleranceMs = Durations.parseMillis("--future-tolerance", futureTolerance);
    require(
        futureToleranceMs < latenessMs,
        "--future-tolerance "
            + futureTolerance
            + " must be below --lateness "
            + lateness
            + ": one tick from the future would close the candles of the present");
    require(
        startingOffsets.equals("earliest") || startingOffsets.equals("latest"),
        "--starting-offsets '" + startingOffsets + "' is neither earliest nor latest");
    require(maxOffsetsPerTrigger > 0, "--max-offsets-per-trigger must be above 0");
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
        trigger.equals("once")
            ? new BatchTrigger.Once()
            : new BatchTrigger.Every(Durations.parseMillis("--trigger", trigger)),
        startingOffsets,
        maxOffsetsPerTrigger,
        futureToleranceMs,
        KafkaOptions.asSparkSpellsThem(kafkaOptions));
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

  /** Every batch writes all open candles of a symbol to the state again, changed or not. */
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
            + ", and at most "
            + MAX_OPEN_CANDLES
            + " may be: choose longer candles or a shorter lateness");
  }

  /** Checked before anything starts: a colon makes a scheme of what stands before it. */
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
    require(TOPIC.matcher(topic).matches(), option + " '" + topic + "' is no topic name");
  }

  private static void requireText(String option, String value) {
    require(!value.isBlank(), option + " is empty");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
