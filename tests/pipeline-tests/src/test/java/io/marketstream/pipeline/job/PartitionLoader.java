package io.marketstream.pipeline.job;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Fills one partition as the job does: in batches for this partition, some of them in flight,
 * without null values.
 */
final class PartitionLoader {
  private static final int BATCH = 100;
  private static final int IN_FLIGHT = 16;

  private final CqlSession session;

  PartitionLoader(CqlSession session) {
    this.session = session;
  }

  /** Inserts the rows into {@code keyspace.table}. Returns when all of them are acknowledged. */
  void load(String keyspace, String table, Iterator<Object[]> rows) throws InterruptedException {
    PreparedStatement insert = session.prepare(insert(keyspace, table));
    Semaphore free = new Semaphore(IN_FLIGHT);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    while (rows.hasNext() && failure.get() == null) {
      BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
      for (int i = 0; i < BATCH && rows.hasNext(); i++) {
        batch.addStatement(bind(insert, rows.next()));
      }
      free.acquire();
      session
          .executeAsync(batch.build())
          .whenComplete(
              (done, failed) -> {
                failure.compareAndSet(null, failed);
                free.release();
              });
    }
    free.acquire(IN_FLIGHT);
    if (failure.get() != null) {
      throw new IllegalStateException("a batch for " + table + " failed", failure.get());
    }
  }

  private static String insert(String keyspace, String table) {
    String columns = RealisticRows.columns(table);
    return "INSERT INTO "
        + keyspace
        + "."
        + table
        + " ("
        + columns
        + ") VALUES ("
        + columns.replaceAll("\\w+", "?")
        + ")";
  }

  private static BoundStatement bind(PreparedStatement insert, Object[] row) {
    BoundStatementBuilder bound = insert.boundStatementBuilder();
    for (int i = 0; i < row.length; i++) {
      bound = set(bound, i, row[i]);
    }
    return bound.build();
  }

  private static BoundStatementBuilder set(BoundStatementBuilder bound, int i, Object value) {
    if (value == null) {
      return bound; // stays unset, which is not null
    }
    if (value instanceof List<?> list) {
      return bound.setList(i, list.stream().map(String.class::cast).toList(), String.class);
    }
    return bound.set(i, value, bound.codecRegistry().codecFor(bound.getType(i), value));
  }
}
