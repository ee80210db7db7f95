package io.marketstream.auditor.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** An audit that would run out of memory is refused before it reads, with advice. */
class MemoryTest {
  private static final TopicPartition PARTITION = new TopicPartition("market_data", 0);

  @Test
  void topicsThatDoNotFitAreRefusedWithAdvice() {
    assertThatThrownBy(() -> ClusterAudit.requireMemory(range(100_000_000_000L)))
        .isInstanceOf(AuditRefusedException.class)
        .hasMessageContaining("99,999,999,000 records")
        .hasMessageContaining("MARKET_STREAM_AUDIT_HEAP")
        .hasMessageContaining("Spark");
  }

  @Test
  void topicsThatFitAreRead() {
    assertThatCode(() -> ClusterAudit.requireMemory(range(101_000))).doesNotThrowAnyException();
  }

  private static TopicRange range(long end) {
    return new TopicRange(
        Map.of(PARTITION, 1_000L), Map.of(PARTITION, end), Long.MIN_VALUE, Long.MAX_VALUE);
  }
}
