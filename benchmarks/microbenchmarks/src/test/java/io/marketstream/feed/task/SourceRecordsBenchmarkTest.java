package io.marketstream.feed.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.microbenchmarks.SampleTrade;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class SourceRecordsBenchmarkTest {

  @Test
  void aPollReturnsOneRecordPerTickAndAllAreAcknowledged() {
    SourceRecordsBenchmark benchmark = new SourceRecordsBenchmark();
    benchmark.fillPolls();
    List<SampleTrade> trades = SampleTrade.list(300);
    for (int poll = 0; poll < 3; poll++) {
      List<SourceRecord> records = benchmark.poll();
      assertThat(records).hasSize(100);
      for (int i = 0; i < 100; i++) {
        int number = 100 * poll + i;
        SourceRecord record = records.get(i);
        assertThat(record.topic()).isEqualTo("ticks");
        assertThat(record.key()).isEqualTo(trades.get(number).symbol());
        assertThat(record.value()).isEqualTo(trades.get(number).toTick(number).toStruct());
        assertThat(record.sourceOffset().get("sequence")).isEqualTo((long) number);
      }
      assertThat(benchmark.inFlight()).isZero();
    }
  }
}
