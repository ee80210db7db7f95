package io.marketstream.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RealTimeTriggerTest {
  @ParameterizedTest
  @CsvSource({"realtime, 30000", "realtime:5s, 5000", "realtime:10m, 600000"})
  void theIntervalIsOptional(String trigger, long checkpointMillis) {
    JobOptions options =
        CommandLine.populateCommand(
            new JobOptions(),
            "--bootstrap-servers=broker:9092",
            "--checkpoint=/ck",
            "--trigger=" + trigger);

    assertThat(options.settings().trigger()).isEqualTo(new BatchTrigger.RealTime(checkpointMillis));
  }
}
