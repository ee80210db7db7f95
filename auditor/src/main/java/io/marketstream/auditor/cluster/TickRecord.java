package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TopicTick;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One record of a topic of ticks, and its encoding for other processes.
 *
 * @param source null if the record has none
 * @param symbol null if the record has none
 * @param tick null if the record is not a tick
 */
public record TickRecord(
    RecordPosition position,
    @Nullable String source,
    @Nullable String symbol,
    @Nullable Tick tick) {
  /** Separates the names. It occurs in no name. */
  private static final String BETWEEN_NAMES = "\u0000";

  /**
   * Reads one record.
   *
   * @param value the value of the record; may be null
   */
  public static TickRecord read(RecordPosition position, byte @Nullable [] value) {
    JsonNode json = RecordJson.parse(value);
    Optional<SymbolKey> key = RecordJson.key(json);
    return new TickRecord(
        position,
        json.path("source").textValue(),
        json.path("symbol").textValue(),
        key.flatMap(named -> RecordJson.tick(json)).orElse(null));
  }

  /** Encodes the tick, without its position. */
  public byte[] encodedTick() {
    TickBuffer buffer = new TickBuffer(position.topic(), position.partition());
    buffer.add(position.offset(), Objects.requireNonNull(tick, "the record is not a tick"));
    return buffer.bytes();
  }

  /** Decodes the result of {@link #encodedTick}. */
  public static TopicTick tick(RecordPosition position, byte[] encoded) {
    return TickBuffer.read(position.topic(), position.partition(), encoded).next();
  }

  /** Encodes only the names, for a record that is not a tick. */
  public byte[] encodedNames() {
    String names = (source == null ? "" : source) + BETWEEN_NAMES + (symbol == null ? "" : symbol);
    return names.getBytes(StandardCharsets.UTF_8);
  }

  /** Decodes the result of {@link #encodedNames}. */
  public static UnreadableRecord unreadable(RecordPosition position, byte[] encoded) {
    String[] names = new String(encoded, StandardCharsets.UTF_8).split(BETWEEN_NAMES, -1);
    return UnreadableRecord.of(
        position, names[0].isEmpty() ? null : names[0], names[1].isEmpty() ? null : names[1]);
  }
}
