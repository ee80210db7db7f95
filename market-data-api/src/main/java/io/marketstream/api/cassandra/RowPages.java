package io.marketstream.api.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one query, however many there are. It holds two pages: one that is read, and one that
 * is on its way. If Cassandra does not answer, it asks for the page again. For one thread.
 */
public final class RowPages implements Iterator<Row> {
  /** Rows per page. */
  static final int PAGE_SIZE = 2_000;

  private final Function<@Nullable ByteBuffer, CompletableFuture<AsyncResultSet>> fetch;
  private final long firstDelayMs;
  private Iterator<Row> rows = Collections.emptyIterator();
  private @Nullable ByteBuffer pagingState;
  private @Nullable CompletableFuture<AsyncResultSet> next;

  /**
   * @param fetch asks for the page with this paging state; null for the first
   */
  RowPages(Function<@Nullable ByteBuffer, CompletableFuture<AsyncResultSet>> fetch) {
    this(fetch, Retry.FIRST_DELAY_MS);
  }

  RowPages(
      Function<@Nullable ByteBuffer, CompletableFuture<AsyncResultSet>> fetch, long firstDelayMs) {
    this.fetch = fetch;
    this.firstDelayMs = firstDelayMs;
    this.next = fetch.apply(null);
  }

  /**
   * Whether there is another row. Waits for the next page.
   *
   * @throws DatabaseUnavailableException if the page did not come, or the thread was interrupted
   */
  @Override
  public boolean hasNext() {
    while (!rows.hasNext()) {
      CompletableFuture<AsyncResultSet> awaited = next;
      if (awaited == null) {
        return false;
      }
      AsyncResultSet page = await(awaited);
      rows = page.currentPage().iterator();
      ByteBuffer state = page.getExecutionInfo().getPagingState();
      pagingState = state;
      next = state == null ? null : fetch.apply(state);
    }
    return true;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return rows.next();
  }

  private AsyncResultSet await(CompletableFuture<AsyncResultSet> first) {
    ByteBuffer state = pagingState;
    return Retry.await(first, () -> fetch.apply(state), firstDelayMs);
  }
}
