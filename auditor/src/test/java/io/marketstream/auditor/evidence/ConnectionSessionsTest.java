package io.marketstream.auditor.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionSessionsTest {
  @Test
  void theNearestSessionsArePairedEachOnce() {
    assertThat(ConnectionSessions.match(List.of(1_000L, 1_200L, 9_000L), List.of(1_195L, 9_004L)))
        .isEqualTo(Map.of(1_200L, 1_195L, 9_000L, 9_004L));
  }

  @Test
  void aSessionOfAnEarlierRunIsIgnored() {
    assertThat(ConnectionSessions.match(List.of(100_000L), List.of(50_000L))).isEmpty();
  }
}
