package io.marketstream.api.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.ExecutionInfo;
import com.datastax.oss.driver.api.core.cql.Row;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RowPagesTest {
  private static final int PAGES = 4;

  private final List<Integer> asked = new ArrayList<>();
  private int failures;

  @Test
  void everyRowComesOnceAndOnePageAhead() {
    RowPages pages = new RowPages(this::fetch, 1);

    assertThat(asked).containsExactly(0);
    pages.next();
    assertThat(asked).containsExactly(0, 1);
    assertThat(rest(pages)).isEqualTo(2 * PAGES - 1);
    assertThat(asked).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aPageThatDoesNotComeIsAskedForAgain() {
    failures = 5;
    assertThat(rest(new RowPages(this::fetch, 1))).isEqualTo(2 * PAGES);
  }

  @Test
  void afterManyTriesItFails() {
    failures = 1_000;
    RowPages pages = new RowPages(this::fetch, 1);

    assertThatThrownBy(pages::hasNext)
        .isInstanceOf(DatabaseUnavailableException.class)
        .hasRootCauseInstanceOf(DriverTimeoutException.class);
    assertThat(asked).hasSize(6);
  }

  private static int rest(RowPages pages) {
    int rows = 0;
    while (pages.hasNext()) {
      pages.next();
      rows++;
    }
    return rows;
  }

  private CompletableFuture<AsyncResultSet> fetch(ByteBuffer pagingState) {
    int page = pagingState == null ? 0 : pagingState.get(0);
    asked.add(page);
    if (page == 0 && failures-- > 0) {
      return CompletableFuture.failedFuture(new DriverTimeoutException("slow"));
    }
    ByteBuffer next = page + 1 < PAGES ? ByteBuffer.wrap(new byte[] {(byte) (page + 1)}) : null;
    Row row = answering(Row.class, Map.of());
    ExecutionInfo info =
        next == null
            ? answering(ExecutionInfo.class, Map.of())
            : answering(ExecutionInfo.class, Map.of("getPagingState", next));
    return CompletableFuture.completedFuture(
        answering(
            AsyncResultSet.class,
            Map.of("currentPage", List.of(row, row), "getExecutionInfo", info)));
  }

  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> answers.get(method.getName())));
  }
}
