package io.marketstream.pipeline.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.pipeline.monitoring.MonitoringFiles.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each alert says what to do, has a section on the page, and is tested with the shipped times. */
class MonitoringFilesTest {

  @Test
  void eachAlertSaysWhatToDoAndWhereToReadMore() throws IOException {
    String page = Files.readString(MonitoringFiles.PAGE);
    for (Alert alert : MonitoringFiles.alerts()) {
      assertThat(alert.severity()).as(alert.name()).isIn("warning", "critical");
      assertThat(alert.annotations().path("summary").asText()).as(alert.name()).isNotBlank();
      assertThat(alert.annotations().path("description").asText()).as(alert.name()).isNotBlank();
      assertThat(alert.annotations().path("runbook").asText())
          .isEqualTo("docs/monitoring.md#" + alert.name().toLowerCase(Locale.ROOT));
      assertThat(page).contains("\n### " + alert.name() + "\n");
      assertThat(page).contains("| [`" + alert.name() + "`](#");
    }
  }

  @Test
  void eachAlertIsTestedWithTheShippedTimes() {
    Set<String> tested = new HashSet<>();
    for (JsonNode test : MonitoringFiles.yaml(MonitoringFiles.RULE_TESTS).path("tests")) {
      for (JsonNode sample : test.findValues("labels")) {
        tested.add(sample.asText().replaceAll(".*\"(.+)\".*", "$1"));
      }
    }
    assertThat(tested)
        .containsExactlyInAnyOrderElementsOf(
            MonitoringFiles.alerts().stream().map(Alert::name).toList());
  }
}
