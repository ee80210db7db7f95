package io.marketstream.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.settings.BatchTrigger;
import io.marketstream.spark.settings.JobSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private JobSettings settings;

  @Test
  void theDefaultsAreThoseOfTheContract() {
    assertThat(run()).isZero();

    assertThat(settings)
        .isEqualTo(
            new JobSettings(
                "broker:9092",
                List.of("market_data"),
                "market_data_gaps",
                "market_data_rejected",
                "market_data",
                "/ck",
                List.of(new CandleInterval("1m", 60_000)),
                120_000,
                new BatchTrigger.Every(0),
                "earliest",
                200_000,
                30_000,
                Map.of()));
  }

  @Test
  void everyOptionIsUsed() {
    int exitCode =
        run(
            "--topics=a,b",
            "--gaps-topic=g",
            "--rejected-topic=r",
            "--keyspace=ks",
            "--candles=1m,1h",
            "--lateness=1h",
            "--trigger=once",
            "--starting-offsets=latest",
            "--max-offsets-per-trigger=7",
            "--future-tolerance=500ms",
            "--kafka-option=security.protocol=SSL",
            "--kafka-option=kafka.ssl.truststore.location=/t=1",
            "--kafka-option=failOnDataLoss=false");

    assertThat(exitCode).isZero();
    assertThat(settings)
        .isEqualTo(
            new JobSettings(
                "broker:9092",
                List.of("a", "b"),
                "g",
                "r",
                "ks",
                "/ck",
                List.of(new CandleInterval("1m", 60_000), new CandleInterval("1h", 3_600_000)),
                3_600_000,
                new BatchTrigger.Once(),
                "latest",
                7,
                500,
                Map.of(
                    "kafka.security.protocol", "SSL",
                    "kafka.ssl.truststore.location", "/t=1",
                    "failOnDataLoss", "false")));
  }

  @Test
  void helpNamesEveryOptionAndExitsWithZero() {
    assertThat(JobCommand.run(new String[] {"--help"}, writer(out), writer(err), this::take))
        .isZero();

    assertThat(out.toString())
        .contains("--bootstrap-servers", "--topics", "--gaps-topic", "--rejected-topic")
        .contains("--keyspace", "--checkpoint", "--candles", "--lateness", "--trigger")
        .contains("--starting-offsets", "--max-offsets-per-trigger", "--future-tolerance")
        .contains("--kafka-option", "--help");
    assertThat(settings).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nonsense              | --nonsense",
        "--topics=a/b            | a/b",
        "--topics=               | --topics",
        "--gaps-topic=market_data | different topics",
        "--keyspace=x-y          | --keyspace",
        "--candles=7m            | '7m' is not a candle interval",
        "--candles=1m,60s        | more than once",
        "--candles=              | not a candle interval",
        "--lateness=2            | --lateness '2' is not a duration",
        "--lateness=30s          | --future-tolerance 30s must be below --lateness 30s",
        "--future-tolerance=2m   | must be below",
        "--trigger=twice         | --trigger",
        "--trigger=realtime:     | --trigger '' is not a duration",
        "--trigger=realtime:1    | --trigger '1' is not a duration",
        "--trigger=realtime:4s   | Spark accepts no interval below 5s",
        // The unit tests run on Spark 3.5.
        "--trigger=realtime      | --trigger realtime needs Spark 4.1 or newer, and this is Spark 3.5",
        "--starting-offsets=now  | neither earliest nor latest",
        "--max-offsets-per-trigger=0 | greater than 0",
        "--max-offsets-per-trigger=x | --max-offsets-per-trigger",
        "--kafka-option=bootstrap.servers=x | --bootstrap-servers",
        "--kafka-option=subscribe=x | --topics",
        "--kafka-option=novalue  | --kafka-option",
      })
  void aWrongOptionIsOneLineAndExitsWithTwo(String option, String message) {
    assertThat(run(option)).isEqualTo(2);

    assertThat(err.toString()).contains(message);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(settings).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--starting-offsets=latest           | --starting-offsets latest is not possible",
        "--kafka-option=minPartitions=12     | --kafka-option minPartitions is not possible",
        "--kafka-option=failOnDataLoss=false | After a loss, start with a new --checkpoint",
      })
  void whatTheRealTimeModeLacksIsOneLineAndExitsWithTwo(String option, String message) {
    assertThat(run("--trigger=realtime", option)).isEqualTo(2);

    assertThat(err.toString()).contains(message);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(settings).isNull();
  }

  /** Hadoop takes the text before a colon as a scheme. The job reports it before Spark starts. */
  @ParameterizedTest
  @ValueSource(strings = {"checkpoint-10:30", "a:b", "2026-11-28T10:30/checkpoint", ":"})
  void anInvalidCheckpointPathIsOneLineAndExitsWithTwo(String checkpoint) {
    String[] arguments = {"--bootstrap-servers", "broker:9092", "--checkpoint", checkpoint};

    assertThat(JobCommand.run(arguments, writer(out), writer(err), this::take)).isEqualTo(2);

    assertThat(err.toString()).contains("--checkpoint '" + checkpoint + "' is not a valid path");
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(settings).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/data/2026-11-28T10:30",
        "relative/checkpoint",
        "hdfs:///market-stream/checkpoint",
        "s3a://bucket/checkpoint",
        "/var/lib/b\u00f6rse/with blank"
      })
  void aCheckpointMayBeAnyPathOfHadoop(String checkpoint) {
    String[] arguments = {"--bootstrap-servers", "broker:9092", "--checkpoint", checkpoint};

    assertThat(JobCommand.run(arguments, writer(out), writer(err), this::take)).isZero();
    assertThat(settings.checkpoint()).isEqualTo(checkpoint);
  }

  @Test
  void tooManyOpenCandlesAreRefused() {
    assertThat(run("--candles=1s,1h", "--lateness=1h")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--lateness 1h keeps about 3605 candles of each symbol open")
        .contains("at most 500");

    assertThat(run("--candles=1s,1m,1d", "--lateness=5m")).isZero();
  }

  @Test
  void aMissingRequiredOptionIsNamed() {
    int exitCode =
        JobCommand.run(new String[] {"--checkpoint", "/ck"}, writer(out), writer(err), this::take);

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).contains("--bootstrap-servers");
  }

  @Test
  void aFailureIsOneLineAndExitsWithOne() {
    JobCommand.Job failing =
        given -> {
          throw new IllegalStateException("outer", new java.io.IOException("disk\n  is full"));
        };

    assertThat(JobCommand.run(arguments(), writer(out), writer(err), failing)).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly("market-data-job: failed: IOException: disk; is full");
  }

  private int run(String... more) {
    return JobCommand.run(arguments(more), writer(out), writer(err), this::take);
  }

  private void take(JobSettings given) {
    settings = given;
  }

  private static String[] arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--bootstrap-servers", "broker:9092", "--checkpoint", "/ck"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static PrintWriter writer(StringWriter text) {
    return new PrintWriter(text, true);
  }
}
