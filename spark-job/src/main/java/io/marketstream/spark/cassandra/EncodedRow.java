package io.marketstream.spark.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.nio.ByteBuffer;

/**
 * A row that waits to be sent. Tens of thousands do, and a statement of the driver takes several
 * times as much of the heap: it is made when it is sent.
 *
 * @param insert the statement that writes it
 * @param key the values of the statement's first columns
 * @param values of its other columns, as {@link RowEncoder} has left them
 */
record EncodedRow(PreparedStatement insert, EncodedKey key, byte[] values)
    implements BatchWriter.WaitingRow {

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
