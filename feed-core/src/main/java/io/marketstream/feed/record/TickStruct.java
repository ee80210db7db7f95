package io.marketstream.feed.record;

import io.marketstream.model.TickOrigin;
import io.marketstream.model.TradeSide;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The Connect form of a tick. {@link #get(Field)}, which a converter calls once per field, reads
 * the tick directly. Any other method first fills the struct, so a transformation sees no
 * difference.
 *
 * <p>Putting all values would cost more than converting them, because a struct checks each value
 * against its schema. Kafka 4 even builds the text of an error beforehand. The fields of a {@link
 * MarketTick} have the right types anyway.
 *
 * <p>Not thread-safe, not even for reading. Like any struct, it equals only structs of its own
 * class.
 */
final class TickStruct extends Struct {
  private static final Field[] FIELDS = MarketTick.SCHEMA.fields().toArray(Field[]::new);

  private final MarketTick tick;
  private boolean isFilled;

  TickStruct(MarketTick tick) {
    super(MarketTick.SCHEMA);
    this.tick = tick;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // to compare contents would cost time per field
  public @Nullable Object get(Field field) {
    // Kafka's own code handles fields of other schemas, and structs that were changed.
    if (isFilled || field.index() >= FIELDS.length || field != FIELDS[field.index()]) {
      fill();
      return super.get(field);
    }
    return value(field.index());
  }

  /** In the order of the schema. */
  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  private @Nullable Object value(int index) {
    return switch (index) {
      case 0 -> tick.source();
      case 1 -> tick.kind().wireName();
      case 2 -> tick.symbol();
      case 3 -> tick.price();
      case 4 -> tick.volume();
      case 5 -> tick.conditions();
      case 6 -> new Date(tick.eventTime());
      case 7 -> new Date(tick.receivedAt());
      case 8 -> tick.session();
      case 9 -> tick.sequence();
      case 10 -> tick.tradeId();
      case 11 -> wireName(tick.side());
      case 12 -> wireName(tick.origin());
      default -> throw new IllegalArgumentException("a tick has no field " + index);
    };
  }

  private static @Nullable String wireName(@Nullable TradeSide side) {
    return side == null ? null : side.wireName();
  }

  private static @Nullable String wireName(@Nullable TickOrigin origin) {
    return origin == null ? null : origin.wireName();
  }

  private void fill() {
    if (!isFilled) {
      isFilled = true;
      for (Field field : FIELDS) {
        super.put(field, value(field.index()));
      }
    }
  }

  @Override
  public Object get(String fieldName) {
    fill();
    return super.get(fieldName);
  }

  @Override
  public Object getWithoutDefault(String fieldName) {
    fill();
    return super.getWithoutDefault(fieldName);
  }

  @Override
  public Byte getInt8(String fieldName) {
    fill();
    return super.getInt8(fieldName);
  }

  @Override
  public Short getInt16(String fieldName) {
    fill();
    return super.getInt16(fieldName);
  }

  @Override
  public Integer getInt32(String fieldName) {
    fill();
    return super.getInt32(fieldName);
  }

  @Override
  public Long getInt64(String fieldName) {
    fill();
    return super.getInt64(fieldName);
  }

  @Override
  public Float getFloat32(String fieldName) {
    fill();
    return super.getFloat32(fieldName);
  }

  @Override
  public Double getFloat64(String fieldName) {
    fill();
    return super.getFloat64(fieldName);
  }

  @Override
  public Boolean getBoolean(String fieldName) {
    fill();
    return super.getBoolean(fieldName);
  }

  @Override
  public String getString(String fieldName) {
    fill();
    return super.getString(fieldName);
  }

  @Override
  public byte[] getBytes(String fieldName) {
    fill();
    return super.getBytes(fieldName);
  }

  @Override
  public <T> List<T> getArray(String fieldName) {
    fill();
    return super.getArray(fieldName);
  }

  @Override
  public <K, V> Map<K, V> getMap(String fieldName) {
    fill();
    return super.getMap(fieldName);
  }

  @Override
  public Struct getStruct(String fieldName) {
    fill();
    return super.getStruct(fieldName);
  }

  @Override
  public Struct put(String fieldName, Object value) {
    fill();
    return super.put(fieldName, value);
  }

  @Override
  public Struct put(Field field, Object value) {
    fill();
    return super.put(field, value);
  }

  @Override
  public void validate() {
    fill();
    super.validate();
  }

  @Override
  public boolean equals(Object other) {
    fill();
    if (other instanceof TickStruct that) {
      that.fill();
    }
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    fill();
    return super.hashCode();
  }

  @Override
  public String toString() {
    fill();
    return super.toString();
  }
}
