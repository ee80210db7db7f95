package io.marketstream.pipeline;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.maven.MavenComponents;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cassandra acknowledges rows, and the job never writes them again. So the node of {@code
 * ./market-stream} must keep them after {@code kill -9}.
 */
@Tag("pipeline")
@Tag("extended")
class KilledNodeIT {
  private static final int AT_ONCE = 16;
  private static final int ROUNDS = 2;

  /** So many rows that writing them takes a second or two. */
  private static final int WRITTEN_BEFORE = 5_000;

  @TempDir private Path home;

  private final Collection<Integer> acknowledged = new ConcurrentLinkedQueue<>();
  private int next;

  @Test
  void acknowledgedRowsSurviveAKill() throws InterruptedException {
    try (CassandraNode node =
        new MavenComponents(TestStack.ROOT)
            .cassandra(ComponentSettings.in(home, "cassandra", FreePorts.next(), 512))) {
      node.start();
      try (CqlSession session = node.session()) {
        session.execute(
            "CREATE KEYSPACE kept WITH replication ="
                + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute("CREATE TABLE kept.rows (number int PRIMARY KEY, text text)");
      }
      for (int round = 1; round <= ROUNDS; round++) {
        writeUntilKilled(node);
        node.start();

        Set<Integer> lost = new TreeSet<>(acknowledged);
        try (CqlSession session = node.session()) {
          session
              .execute("SELECT number FROM kept.rows")
              .forEach(row -> lost.remove(row.getInt("number")));
        }
        assertThat(lost).as("acknowledged rows that are missing, round %d", round).isEmpty();
      }
    }
  }

  private void writeUntilKilled(CassandraNode node) throws InterruptedException {
    Semaphore free = new Semaphore(AT_ONCE);
    try (CqlSession session = node.session()) {
      PreparedStatement insert =
          session.prepare("INSERT INTO kept.rows (number, text) VALUES (?, 'a row of a tick')");
      int end = next + WRITTEN_BEFORE;
      AtomicBoolean failed = new AtomicBoolean();
      CompletableFuture<Void> killed = CompletableFuture.completedFuture(null);
      while (!failed.get()) {
        free.acquire();
        int number = next++;
        session
            .executeAsync(insert.bind(number))
            .whenComplete(
                (rows, failure) -> {
                  if (failure == null) {
                    acknowledged.add(number);
                  } else {
                    failed.set(true);
                  }
                  free.release();
                });
        if (number == end) {
          killed = CompletableFuture.runAsync(node::kill); // while writes continue
        }
      }
      killed.join();
      await().atMost(60, SECONDS).until(() -> free.availablePermits() == AT_ONCE);
    }
  }
}
