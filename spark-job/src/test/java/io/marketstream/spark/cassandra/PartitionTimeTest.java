package io.marketstream.spark.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTimeTest {
  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Asia/Kolkata", "Pacific/Kiritimati", "America/St_Johns"})
  void monthsAndHoursAreUtcWhateverTheMachinesZone(String zone) {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    try {
      long lastMs = Instant.parse("2024-02-29T23:59:59.999Z").toEpochMilli();

      assertThat(PartitionTime.month(lastMs)).isEqualTo(LocalDate.of(2024, 2, 1).toEpochDay());
      assertThat(PartitionTime.month(lastMs + 1)).isEqualTo(LocalDate.of(2024, 3, 1).toEpochDay());
      assertThat(PartitionTime.hour(lastMs))
          .isEqualTo(Instant.parse("2024-02-29T23:00:00Z").toEpochMilli());
      assertThat(PartitionTime.hour(lastMs + 1)).isEqualTo(lastMs + 1);
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void timesBefore1970AreCutDownwards() {
    assertThat(PartitionTime.hour(-1)).isEqualTo(-3_600_000);
  }
}
