package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The values of one row, bound in the order of the statement. A value that is null is left unset:
 * Cassandra keeps what is there, and no tombstone is written.
 *
 * <p>Values are encoded here and not by name or type: a look-up for each of them costs more than
 * the encoding.
 */
final class BoundRow {
  /** The encoding of these types is the same in every version that this driver speaks. */
  private static final ProtocolVersion VERSION = DefaultProtocolVersion.V4;

  private static final TypeCodec<List<String>> TEXTS = TypeCodecs.listOf(TypeCodecs.TEXT);

  private final BoundStatementBuilder statement;
  private int next;
  private int bytes;

  BoundRow(PreparedStatement insert) {
    this.statement = insert.boundStatementBuilder();
  }

  /** The columns of the partition key, which come first. */
  BoundRow key(EncodedKey key) {
    for (ByteBuffer column : key.columns()) {
      bytes(column);
    }
    return this;
  }

  static ByteBuffer encoded(String value) {
    return TypeCodecs.TEXT.encode(value, VERSION);
  }

  /** A number, or an instant in epoch ms. */
  static ByteBuffer encoded(long value) {
    return TypeCodecs.BIGINT.encodePrimitive(value, VERSION);
  }

  /** A value that many rows share, encoded. */
  BoundRow shared(ByteBuffer encoded) {
    return bytes(encoded);
  }

  BoundRow text(String value) {
    return bytes(TypeCodecs.TEXT.encode(value, VERSION));
  }

  BoundRow number(long value) {
    return bytes(TypeCodecs.BIGINT.encodePrimitive(value, VERSION));
  }

  /** A number that may be null, or an instant in epoch ms. */
  BoundRow number(Long value) {
    return bytes(TypeCodecs.BIGINT.encode(value, VERSION));
  }

  /**
   * A CQL date.
   *
   * @param days since 1970
   */
  BoundRow date(int days) {
    // As the protocol has it: day 0 is in the middle of what an int can say.
    return bytes(TypeCodecs.INT.encodePrimitive(days - Integer.MIN_VALUE, VERSION));
  }

  BoundRow decimal(BigDecimal value) {
    return bytes(TypeCodecs.DECIMAL.encode(value, VERSION));
  }

  BoundRow texts(List<String> value) {
    return bytes(TEXTS.encode(value, VERSION));
  }

  private BoundRow bytes(ByteBuffer encoded) {
    if (encoded != null) {
      statement.setBytesUnsafe(next, encoded);
      bytes += encoded.remaining();
    }
    next++;
    return this;
  }

  /** What the values take, in bytes. */
  int bytes() {
    return bytes;
  }

  BoundStatement build() {
    return statement.build();
  }
}
