package io.marketstream.auditor.cluster;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CassandraSends requests to Cassandra, each by key. It sends some requests in advance, but only a
 * few at a time.
 */
final class CassandraRequests {
  private static final Logger LOG = LoggerFactory.getLogger(CassandraRequests.class);

  private static final int MAX_IN_FLIGHT = 16;
  private static final int MAX_ATTEMPTS = 4;

  private final CqlSession session;
  private final LongAdder sent = new LongAdder();

  CassandraRequests(CqlSession session) {
    this.session = session;
  }

  /** How many requests were sent, including pages. */
  long sent() {
    return sent.sum();
  }

  /** Sends one request per key, and passes on the rows in the order of the keys. */
  <K> void each(Iterator<K> keys, Function<K, Statement<?>> statement, BiConsumer<K, Row> take) {
    Deque<K> asked = new ArrayDeque<>();
    Deque<Pages> answers = new ArrayDeque<>();
    while (keys.hasNext() || !asked.isEmpty()) {
      while (keys.hasNext() && asked.size() < MAX_IN_FLIGHT) {
        K key = keys.next();
        asked.add(key);
        Statement<?> request = statement.apply(key);
        answers.add(new Pages(request, send(request)));
      }
      K key = asked.remove();
      answers.remove().forEachRemaining(row -> take.accept(key, row));
    }
  }

  /**
   * Returns the rows of several statements, one after the other. While one is read, the next
   * statement and the next page are already requested.
   */
  Iterator<Row> rows(Iterator<Statement<?>> statements) {
    return new Iterator<>() {
      private @Nullable Pages ahead = nextStatement();
      private Iterator<Row> current = Collections.emptyIterator();

      private @Nullable Pages nextStatement() {
        if (!statements.hasNext()) {
          return null;
        }
        Statement<?> request = statements.next();
        return new Pages(request, send(request));
      }

      @Override
      public boolean hasNext() {
        while (!current.hasNext() && ahead != null) {
          current = ahead;
          ahead = nextStatement();
        }
        return current.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return current.next();
      }
    };
  }

  private CompletionStage<AsyncResultSet> send(Statement<?> statement) {
    sent.increment();
    return session.executeAsync(statement);
  }

  /**
   * The pages of one answer. The next page is requested when the reading of a page begins. A page
   * that fails is requested again, so that a long audit does not end because one node is busy.
   */
  private final class Pages implements Iterator<Row> {
    private Statement<?> statement; // for the page that is awaited
    private @Nullable CompletionStage<AsyncResultSet> next; // null after the last page
    private Iterator<Row> page = Collections.emptyIterator();

    Pages(Statement<?> statement, CompletionStage<AsyncResultSet> first) {
      this.statement = statement;
      this.next = first;
    }

    @Override
    public boolean hasNext() {
      while (!page.hasNext() && next != null) {
        AsyncResultSet answer = await(next);
        page = answer.currentPage().iterator();
        next = null;
        if (answer.hasMorePages()) {
          statement = statement.setPagingState(answer.getExecutionInfo().getPagingState());
          next = send(statement);
        }
      }
      return page.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return page.next();
    }

    private AsyncResultSet await(CompletionStage<AsyncResultSet> first) {
      CompletionStage<AsyncResultSet> asked = first;
      for (int attempt = 1; ; attempt++) {
        try {
          return asked.toCompletableFuture().join();
        } catch (CompletionException e) {
          if (attempt == MAX_ATTEMPTS || !isPassing(e.getCause())) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
          }
          LOG.warn("Repeating a read after {}", String.valueOf(e.getCause()));
          pause(attempt);
          asked = send(statement);
        }
      }
    }
  }

  /** Whether another attempt may succeed. */
  private static boolean isPassing(@Nullable Throwable failure) {
    return failure instanceof DriverTimeoutException
        || failure instanceof AllNodesFailedException
        || failure instanceof ReadTimeoutException
        || failure instanceof UnavailableException
        || failure instanceof OverloadedException;
  }

  private static void pause(int attempt) {
    try {
      TimeUnit.SECONDS.sleep(1L << attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditRefusedException("The audit was interrupted", e);
    }
  }
}
