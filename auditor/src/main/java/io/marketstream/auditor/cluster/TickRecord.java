package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.auditor.evidence.RecordPosition;
import io.marketstream.auditor.evidence.SymbolKey;
import io.marketstream.auditor.evidence.Tick;
import io.marketstream.auditor.evidence.TopicTick;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One record of a topic of ticks, and the bytes in which it travels between processes.
 *
 * @param source null if it names none
 * @param symbol null if it names none
 * @param tick null if it is none
 */
public record TickRecord(RecordPosition position, String source, String symbol, Tick tick) {
  /** Stands in no name: JSON text of a connector has none. */
  private static final String BETWEEN_NAMES = "\u0000";

  /**
   * @param value of the record; may be null
   */
  public static TickRecord read(RecordPosition position, byte[] value) {
    JsonNode json = RecordJson.parse(value);
    Optional<SymbolKey> key = RecordJson.key(json);
    return new TickRecord(
        position,
        json.path("source").textValue(),
        json.path("symbol").textValue(),
        key.flatMap(named -> RecordJson.tick(json)).orElse(null));
  }

  /** The tick, without its place. */
  public byte[] encodedTick() {
    TickBuffer buffer = new TickBuffer(position.topic(), position.partition());
    buffer.add(position.offset(), tick);
    return buffer.bytes();
  }

  /** What {@link #encodedTick} made. */
  public static TopicTick tick(RecordPosition position, byte[] encoded) {
    return TickBuffer.read(position.topic(), position.partition(), encoded).next();
  }

  /** The names alone, of what is no tick. */
  public byte[] encodedNames() {
    String names = (source == null ? "" : source) + BETWEEN_NAMES + (symbol == null ? "" : symbol);
    return names.getBytes(StandardCharsets.UTF_8);
  }

  /** What {@link #encodedNames} made. */
  public static UnreadableRecord unreadable(RecordPosition position, byte[] encoded) {
    String[] names = new String(encoded, StandardCharsets.UTF_8).split(BETWEEN_NAMES, -1);
    return UnreadableRecord.of(
        position, names[0].isEmpty() ? null : names[0], names[1].isEmpty() ? null : names[1]);
  }
}
