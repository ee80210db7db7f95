package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes rows, one after the other, with their values in the order of the statement.
 *
 * <p>A null leaves the column unset: Cassandra keeps its value and writes no tombstone. The
 * encoding of these types is the same in all versions of the protocol that the driver supports.
 *
 * <p>For one thread.
 */
final class RowEncoder {
  /** Written instead of a length for an unset column. */
  static final int UNSET = -1;

  private static final ProtocolVersion VERSION = DefaultProtocolVersion.V4;

  private static final TypeCodec<List<String>> TEXTS = TypeCodecs.listOf(TypeCodecs.TEXT);

  private static final int INITIAL_CAPACITY = 512;

  private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_CAPACITY);
  private @Nullable PreparedStatement insert;
  private EncodedKey key = EncodedKey.NONE;

  static ByteBuffer encoded(String value) {
    return TypeCodecs.TEXT.encode(value, VERSION);
  }

  /** Encodes a number, or an instant in epoch ms. */
  static ByteBuffer encoded(long value) {
    return TypeCodecs.BIGINT.encodePrimitive(value, VERSION);
  }

  /**
   * Begins a row.
   *
   * @param rowInsert the statement that writes the row
   * @param rowKey the values of the first columns
   */
  RowEncoder begin(PreparedStatement rowInsert, EncodedKey rowKey) {
    insert = rowInsert;
    key = rowKey;
    buffer.clear();
    return this;
  }

  /** Adds an encoded value that many rows share. */
  RowEncoder shared(ByteBuffer encoded) {
    value(encoded.remaining()).put(encoded.duplicate());
    return this;
  }

  RowEncoder text(@Nullable String value) {
    // The codec refuses half a surrogate pair. getBytes would replace it by a question mark.
    return value == null ? unset() : shared(encoded(value));
  }

  RowEncoder number(long value) {
    value(Long.BYTES).putLong(value);
    return this;
  }

  /** Adds a number or an instant in epoch ms; null leaves the column unset. */
  RowEncoder number(@Nullable Long value) {
    return value == null ? unset() : number(value.longValue());
  }

  /**
   * Adds a CQL date.
   *
   * @param days since 1970
   */
  RowEncoder date(int days) {
    // In the protocol, the first day of 1970 is the middle of the range of an unsigned int.
    value(Integer.BYTES).putInt(days - Integer.MIN_VALUE);
    return this;
  }

  RowEncoder decimal(@Nullable BigDecimal value) {
    if (value == null) {
      return unset();
    }
    byte[] unscaled = value.unscaledValue().toByteArray();
    value(Integer.BYTES + unscaled.length).putInt(value.scale()).put(unscaled);
    return this;
  }

  RowEncoder texts(@Nullable List<String> value) {
    return value == null ? unset() : shared(TEXTS.encode(value, VERSION));
  }

  private RowEncoder unset() {
    reserve(Integer.BYTES).putInt(UNSET);
    return this;
  }

  /** Reserves space for a value of this length. */
  private ByteBuffer value(int length) {
    return reserve(Integer.BYTES + length).putInt(length);
  }

  private ByteBuffer reserve(int bytes) {
    if (buffer.remaining() < bytes) {
      int needed = Math.addExact(buffer.position(), bytes);
      ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, 2 * buffer.capacity()));
      buffer = larger.put(buffer.flip());
    }
    return buffer;
  }

  EncodedRow row() {
    return new EncodedRow(
        Objects.requireNonNull(insert), key, Arrays.copyOf(buffer.array(), buffer.position()));
  }
}
