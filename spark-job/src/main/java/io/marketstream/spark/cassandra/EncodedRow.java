package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.nio.ByteBuffer;

/**
 * An encoded row that is not sent yet.
 *
 * <p>Tens of thousands of rows may be pending. A statement of the driver takes several times as
 * much memory, so it is created only when the row is sent.
 *
 * @param insert the statement that writes the row
 * @param key the values of the first columns
 * @param values the values of the other columns, as {@link RowEncoder} encodes them
 */
@SuppressWarnings("ArrayRecordComponent") // rows are never compared, and a copy would cost time
record EncodedRow(PreparedStatement insert, EncodedKey key, byte[] values)
    implements BatchWriter.PendingRow {

  @Override
  public int bytes() {
    return key.bytes() + values.length;
  }

  @Override
  public BoundStatement statement() {
    BoundStatementBuilder statement = insert.boundStatementBuilder();
    int column = 0;
    for (ByteBuffer value : key.columns()) {
      statement.setBytesUnsafe(column++, value);
    }
    ByteBuffer rest = ByteBuffer.wrap(values);
    while (rest.hasRemaining()) {
      int length = rest.getInt();
      if (length != RowEncoder.UNSET) {
        statement.setBytesUnsafe(column, ByteBuffer.wrap(values, rest.position(), length));
        rest.position(rest.position() + length);
      }
      column++;
    }
    return statement.build();
  }
}
