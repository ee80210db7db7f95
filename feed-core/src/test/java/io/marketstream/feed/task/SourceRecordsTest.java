package io.marketstream.feed.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.feed.buffer.BufferEntry;
import io.marketstream.feed.buffer.FeedBuffer;
import io.marketstream.feed.ledger.InFlightBatches;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.Heartbeat;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.feed.record.SourceCursor;
import io.marketstream.feed.record.TopicNames;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceRecordsTest {

  private static final MarketTick TICK =
      new MarketTick(
          "feed",
          TickKind.TRADE,
          "IC MARKETS:1",
          "164.0601000000000000001",
          "0.00008",
          List.of("1", "24", "12"),
          1_680_286_537_580L,
          1_680_286_537_999L,
          1_680_286_000_000L,
          41);
  private static final MarketTick PRICE =
      new MarketTick(
          "feed",
          TickKind.PRICE,
          "bitcoin",
          "18691.82",
          null,
          null,
          1_680_286_538_000L,
          1_680_286_538_000L,
          1_680_286_000_000L,
          0);
  private static final FeedGap OPEN =
      FeedGap.open(
          "feed",
          "IC MARKETS:1",
          GapCause.STALLED,
          1_680_286_540_000L,
          1_680_286_000_000L,
          42,
          "silence");
  private static final long NOTICED = 1_689_000_000_000L;
  private static final RejectedInput REJECT =
      new RejectedInput(
          "feed", RejectReason.INVALID_JSON, "eof", "{\"x", 1_680_286_539_000L, 1_680_286_000_000L);

  private final InFlightBatches acknowledged = new InFlightBatches();
  private final SourceRecords records =
      new SourceRecords(
          new TopicNames("feed", "ticks", "gaps", "rejected", "heartbeats"),
          "IC MARKETS:1",
          Map.of(),
          false,
          new SourceOffsets(false, Map.of()),
          acknowledged,
          null);

  private List<SourceRecord> records(BufferEntry... entries) {
    return records.of(new FeedBuffer.Drained(List.of(entries), Long.MAX_VALUE, List.of()), null, 0);
  }

  private SourceRecord heartbeat(long session, long receivedUntil, boolean nothingWaits) {
    Heartbeat heartbeat =
        new Heartbeat("feed", session, 1_680_286_700_000L, receivedUntil, null, true, 2, 1, 57L);
    List<SourceRecord> made =
        records.of(
            new FeedBuffer.Drained(List.of(), Long.MAX_VALUE, List.of()),
            new SourceRecords.DueHeartbeat(heartbeat, receivedUntil, nothingWaits),
            0);
    return made.get(made.size() - 1);
  }

  @Test
  void heartbeatRecordHasTopicKeyAndOffset() {
    records(new BufferEntry.Tick(TICK)).forEach(SourceRecords::acknowledge);
    SourceRecord record = heartbeat(TICK.session(), 1_680_286_650_000L, true);
    assertThat(record.topic()).isEqualTo("heartbeats");
    assertThat(record.key()).isEqualTo("feed");
    assertThat(record.timestamp()).isEqualTo(1_680_286_700_000L);
    assertThat(record.valueSchema().name()).isEqualTo("io.marketstream.Heartbeat");
    ((Struct) record.value()).validate();
    assertThat(((Struct) record.value()).getInt64("feed_delay_ms")).isEqualTo(57);
    assertThat(record.sourcePartition()).isEqualTo(Map.of("source", "feed", "symbol", "*"));
    assertThat(record.sourceOffset())
        .isEqualTo(
            Map.of(
                "session", TICK.session(),
                "sequence", -1L,
                "received_at", 1_680_286_700_000L,
                "safe_until", 1_680_286_650_000L,
                "poll", 2L));
  }

  @Test
  void aHeartbeatsSafeTimeStopsAtUnacknowledgedRecords() {
    records(new BufferEntry.Tick(TICK));
    assertThat(heartbeat(TICK.session(), 1_680_286_650_000L, true).sourceOffset().get("safe_until"))
        .isEqualTo(TICK.receivedAt());
  }

  @Test
  void earlyHeartbeatRepeatsTheStoredOffset() {
    SourceCursor stored = new SourceCursor(1_000, -1, 1_500, 1_400, null, 7, true, null, null);
    SourceRecords restarted =
        new SourceRecords(
            new TopicNames("feed", "ticks", "gaps", "rejected", "heartbeats"),
            "A",
            Map.of("*", stored),
            false,
            new SourceOffsets(false, Map.of("*", stored)),
            acknowledged,
            null);
    Heartbeat heartbeat = new Heartbeat("feed", 0, 9_000, null, null, false, 2, 0, null);
    assertThat(
            restarted
                .of(
                    new FeedBuffer.Drained(List.of(), Long.MAX_VALUE, List.of()),
                    new SourceRecords.DueHeartbeat(heartbeat, 0, true),
                    0)
                .get(0)
                .sourceOffset())
        .isEqualTo(stored.toOffset());
  }

  @Test
  void tickRecordHasTopicKeyAndTimestamp() {
    SourceRecord record = records(new BufferEntry.Tick(TICK)).get(0);
    assertThat(record.topic()).isEqualTo("ticks");
    assertThat(record.keySchema()).isEqualTo(Schema.STRING_SCHEMA);
    assertThat(record.key()).isEqualTo("IC MARKETS:1");
    assertThat(record.timestamp()).isEqualTo(TICK.receivedAt());
    assertThat(record.kafkaPartition()).isNull();
    assertThat(record.valueSchema().name()).isEqualTo("io.marketstream.MarketTick");
    assertThat(record.valueSchema().version()).isEqualTo(2);
    assertThat(record.sourcePartition())
        .isEqualTo(Map.of("source", "feed", "symbol", "IC MARKETS:1"));
    assertThat(record.sourceOffset())
        .isEqualTo(
            Map.of(
                "session", TICK.session(),
                "sequence", 41L,
                "received_at", TICK.receivedAt(),
                "safe_until", TICK.receivedAt(),
                "poll", 1L));
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  void aGapRecordHasItsTopicAndTheSymbolAsKey() {
    List<SourceRecord> both =
        records(
            new BufferEntry.Gap(OPEN, NOTICED),
            new BufferEntry.Gap(OPEN.closed(1_680_286_550_000L, 1_680_286_549_000L), NOTICED + 1));
    assertThat(both).extracting(SourceRecord::topic).containsOnly("gaps");
    assertThat(both)
        .as("the time at which the gap was noticed, not its start")
        .extracting(SourceRecord::timestamp)
        .containsExactly(NOTICED, NOTICED + 1);
    assertThat(both).extracting(SourceRecord::key).containsOnly("IC MARKETS:1");
    Struct open = (Struct) both.get(0).value();
    Struct closed = (Struct) both.get(1).value();
    for (String field :
        List.of(
            "source",
            "symbol",
            "cause",
            "gap_start",
            "session_before",
            "first_missing",
            "detail")) {
      assertThat(closed.get(field)).as(field).isEqualTo(open.get(field));
    }
    assertThat(open.get("gap_end")).isNull();
    assertThat(open.get("session_after")).isNull();
    assertThat(closed.get("gap_end")).isEqualTo(new java.util.Date(1_680_286_550_000L));
    assertThat(closed.get("session_after")).isEqualTo(1_680_286_549_000L);
    closed.validate();
  }

  @Test
  void rejectRepeatsThePreviousOffset() {
    List<SourceRecord> both = records(new BufferEntry.Tick(TICK), new BufferEntry.Reject(REJECT));
    SourceRecord reject = both.get(1);
    assertThat(reject.topic()).isEqualTo("rejected");
    assertThat(reject.key()).isEqualTo("feed");
    assertThat(reject.keySchema()).isEqualTo(Schema.STRING_SCHEMA);
    assertThat(reject.timestamp()).isEqualTo(REJECT.receivedAt());
    assertThat(reject.sourcePartition()).isEqualTo(both.get(0).sourcePartition());
    assertThat(reject.sourceOffset()).isEqualTo(both.get(0).sourceOffset());
    assertThat(((Struct) reject.value()).get("origin")).isNull();
  }

  @Test
  void firstRejectRepeatsTheStoredOffset() {
    SourceCursor stored = new SourceCursor(1_000, 6, 1_500, 1_400, null);
    SourceRecord reject =
        new SourceRecords(
                new TopicNames("feed", "ticks", "gaps", "rejected", "heartbeats"),
                "A",
                Map.of("A", stored),
                false,
                new SourceOffsets(false, Map.of()),
                acknowledged,
                null)
            .of(
                new FeedBuffer.Drained(
                    List.of(new BufferEntry.Reject(REJECT)), Long.MAX_VALUE, List.of()),
                null,
                0)
            .get(0);
    assertThat(reject.sourcePartition()).isEqualTo(Map.of("source", "feed", "symbol", "A"));
    assertThat(reject.sourceOffset()).isEqualTo(stored.toOffset());
  }

  @Test
  void safeUntilWaitsForEarlierPolls() {
    List<SourceRecord> first = records(new BufferEntry.Tick(TICK), new BufferEntry.Tick(PRICE));
    MarketTick later =
        new MarketTick(
            "feed",
            TickKind.TRADE,
            "IC MARKETS:1",
            "1",
            "1",
            null,
            1_680_286_600_000L,
            1_680_286_600_000L,
            1_680_286_000_000L,
            42);
    SourceRecords.acknowledge(first.get(1));
    assertThat(safeUntil(records(new BufferEntry.Tick(later)))).isEqualTo(TICK.receivedAt());
    SourceRecords.acknowledge(first.get(0));
    List<SourceRecord> third = records(new BufferEntry.Tick(later));
    assertThat(safeUntil(third)).isEqualTo(later.receivedAt());
  }

  @Test
  void equalRejectsAreAcknowledgedSeparately() {
    BufferEntry reject = new BufferEntry.Reject(REJECT);
    Set<SourceRecord> unacknowledged = new HashSet<>(records(reject, reject));
    assertThat(unacknowledged).hasSize(2);
    unacknowledged.forEach(SourceRecords::acknowledge);
    assertThat(acknowledged.safeUntil()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anOffsetIsBeforeAnUnrecordedDrop() {
    FeedBuffer.Drop drop = new FeedBuffer.Drop(TICK.symbol(), TICK.session(), TICK.sequence() - 2);
    List<SourceRecord> made =
        records.of(
            new FeedBuffer.Drained(
                List.of(new BufferEntry.Tick(TICK)), Long.MAX_VALUE, List.of(drop)),
            null,
            0);
    Object sequence = made.get(0).sourceOffset().get("sequence");
    assertThat(sequence).isEqualTo(TICK.sequence() - 3);
  }

  @Test
  void safeUntilIsBeforeAnUnrecordedDrop() {
    List<SourceRecord> made =
        records.of(
            new FeedBuffer.Drained(
                List.of(new BufferEntry.Tick(TICK)), TICK.receivedAt() - 700, List.of()),
            null,
            0);
    assertThat(safeUntil(made)).isEqualTo(TICK.receivedAt() - 700);
  }

  private static long safeUntil(List<SourceRecord> made) {
    return (Long) made.get(made.size() - 1).sourceOffset().get("safe_until");
  }

  @Test
  void flatJsonHoldsEveryFieldExactly() {
    try (JsonConverter converter = converter(false)) {
      assertThat(json(converter, records(new BufferEntry.Tick(TICK)).get(0)))
          .isEqualTo(
              "{\"source\":\"feed\",\"kind\":\"trade\",\"symbol\":\"IC MARKETS:1\","
                  + "\"price\":\"164.0601000000000000001\",\"volume\":\"0.00008\","
                  + "\"conditions\":[\"1\",\"24\",\"12\"],\"event_time\":1680286537580,"
                  + "\"received_at\":1680286537999,\"session\":1680286000000,\"sequence\":41,"
                  + "\"trade_id\":null,\"side\":null,\"origin\":null}");
      assertThat(json(converter, records(new BufferEntry.Tick(PRICE)).get(0)))
          .contains("\"volume\":null", "\"conditions\":null", "\"kind\":\"price\"");
      assertThat(json(converter, records(new BufferEntry.Gap(OPEN, NOTICED)).get(0)))
          .contains("\"gap_end\":null", "\"cause\":\"STALLED\"", "\"first_missing\":42");
    }
  }

  @Test
  void withSchemasAReaderRebuildsTheTick() {
    try (JsonConverter converter = converter(true)) {
      SourceRecord record = records(new BufferEntry.Tick(TICK)).get(0);
      byte[] json = converter.fromConnectData("ticks", record.valueSchema(), record.value());
      SchemaAndValue back = converter.toConnectData("ticks", json);
      assertThat(back.schema()).isEqualTo(MarketTick.SCHEMA);
      for (Field field : MarketTick.SCHEMA.fields()) {
        assertThat(((Struct) back.value()).get(field.name()))
            .as(field.name())
            .isEqualTo(TICK.toStruct().get(field.name()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void offsetsSurviveTheOffsetStoresConverter(boolean schemas) {
    try (JsonConverter converter = converter(schemas)) {
      for (SourceRecord record :
          records(new BufferEntry.Tick(TICK), new BufferEntry.Gap(OPEN, NOTICED))) {
        // The offset store has no schemas with any converter: it returns maps of plain values.
        byte[] stored = converter.fromConnectData("", null, record.sourceOffset());
        Map<?, ?> read = (Map<?, ?>) converter.toConnectData("", stored).value();
        Map<String, Object> offset = new java.util.HashMap<>();
        read.forEach((key, value) -> offset.put((String) key, value));
        assertThat(SourceCursor.fromOffset(offset).toOffset()).isEqualTo(record.sourceOffset());
      }
    }
  }

  private static JsonConverter converter(boolean schemas) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", Boolean.toString(schemas)), false);
    return converter;
  }

  private static String json(JsonConverter converter, SourceRecord record) {
    return new String(
        converter.fromConnectData(record.topic(), record.valueSchema(), record.value()),
        StandardCharsets.UTF_8);
  }
}
