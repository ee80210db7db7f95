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

/**
 * Encodes one row after the other, its values in the order of the statement. A value that is null
 * is left unset: Cassandra keeps what is there, and no tombstone is written.
 *
 * <p>The encoding of these types is the same in every version that the driver speaks. For one
 * thread.
 */
final class RowEncoder {
  /** Instead of the length of a value that is unset. */
  static final int UNSET = -1;

  private static final ProtocolVersion VERSION = DefaultProtocolVersion.V4;

  private static final TypeCodec<List<String>> TEXTS = TypeCodecs.listOf(TypeCodecs.TEXT);

  private static final int FIRST_ROOM = 512;

  private ByteBuffer room = ByteBuffer.allocate(FIRST_ROOM);
  private PreparedStatement insert;
  private EncodedKey key;

  static ByteBuffer encoded(String value) {
    return TypeCodecs.TEXT.encode(value, VERSION);
  }

  /** A number, or an instant in epoch ms. */
  static ByteBuffer encoded(long value) {
    return TypeCodecs.BIGINT.encodePrimitive(value, VERSION);
  }

  /**
   * Begins a row.
   *
   * @param itsKey the values of the first columns
   */
  RowEncoder begin(PreparedStatement itsInsert, EncodedKey itsKey) {
    insert = itsInsert;
    key = itsKey;
    room.clear();
    return this;
  }

  /** A value that many rows share, encoded. */
  RowEncoder shared(ByteBuffer encoded) {
    value(encoded.remaining()).put(encoded.duplicate());
    return this;
  }

  RowEncoder text(String value) {
    // The codec refuses half a surrogate pair, for which getBytes would put a question mark.
    return value == null ? unset() : shared(encoded(value));
  }

  RowEncoder number(long value) {
    value(Long.BYTES).putLong(value);
    return this;
  }

  /** A number that may be null, or an instant in epoch ms. */
  RowEncoder number(Long value) {
    return value == null ? unset() : number(value.longValue());
  }

  /**
   * A CQL date.
   *
   * @param days since 1970
   */
  RowEncoder date(int days) {
    // As the protocol has it: day 0 is in the middle of what an int can say.
    value(Integer.BYTES).putInt(days - Integer.MIN_VALUE);
    return this;
  }

  RowEncoder decimal(BigDecimal value) {
    if (value == null) {
      return unset();
    }
    byte[] unscaled = value.unscaledValue().toByteArray();
    value(Integer.BYTES + unscaled.length).putInt(value.scale()).put(unscaled);
    return this;
  }

  RowEncoder texts(List<String> value) {
    return value == null ? unset() : shared(TEXTS.encode(value, VERSION));
  }

  private RowEncoder unset() {
    room(Integer.BYTES).putInt(UNSET);
    return this;
  }

  /** Where a value of this length goes. */
  private ByteBuffer value(int length) {
    return room(Integer.BYTES + length).putInt(length);
  }

  private ByteBuffer room(int bytes) {
    if (room.remaining() < bytes) {
      int needed = Math.addExact(room.position(), bytes);
      ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, 2 * room.capacity()));
      room = larger.put(room.flip());
    }
    return room;
  }

  EncodedRow row() {
    return new EncodedRow(insert, key, Arrays.copyOf(room.array(), room.position()));
  }
}
