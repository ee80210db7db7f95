package io.marketstream.spark.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfig;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.TokenMap;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Uses a session that records its requests. Rows are texts, {@code partition:number}. */
@Timeout(60)
class BatchWriterTest {
  private static final int ROW_BYTES = 150;

  private static final DriverConfig CONFIG =
      DriverConfigLoader.programmaticBuilder().build().getInitialConfig();

  private final Map<Byte, Node> nodes =
      Map.of(
          (byte) 'A', fake(Node.class, (name, none) -> null),
          (byte) 'B', fake(Node.class, (name, none) -> null),
          (byte) 'S', fake(Node.class, (name, none) -> null));
  private final List<Statement<?>> requests = new ArrayList<>();
  private final List<CompletableFuture<AsyncResultSet>> unanswered = new ArrayList<>();
  private boolean answersAtOnce = true;
  private Throwable answersWith;

  /**
   * Partitions with the same first letter have the same replicas. The replicas of U are unknown.
   */
  private final TokenMap tokens =
      fake(
          TokenMap.class,
          (name, arguments) -> {
            assertThat(arguments[0]).isEqualTo(CqlIdentifier.fromInternal("Order"));
            Node node = nodes.get(((ByteBuffer) arguments[1]).get(0));
            return node == null ? Set.of() : Set.of(node);
          });

  private final CqlSession session =
      fake(
          CqlSession.class,
          (name, arguments) ->
              switch (name) {
                case "getContext" -> fake(DriverContext.class, (of, none) -> CONFIG);
                case "getMetadata" -> fake(Metadata.class, (of, none) -> Optional.of(tokens));
                default -> execute((Statement<?>) arguments[0]);
              });

  private interface Answer {
    Object to(String method, Object[] arguments);
  }

  @SuppressWarnings("unchecked")
  private static <T> T fake(Class<T> type, Answer answer) {
    return (T)
        Proxy.newProxyInstance(
            BatchWriterTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> answer.to(method.getName(), arguments);
                });
  }

  private CompletableFuture<AsyncResultSet> execute(Statement<?> request) {
    CompletableFuture<AsyncResultSet> answer = new CompletableFuture<>();
    requests.add(request);
    if (answersWith != null) {
      answer.completeExceptionally(answersWith);
    } else if (answersAtOnce) {
      answer.complete(null);
    } else {
      unanswered.add(answer);
    }
    return answer;
  }

  @Test
  void onlyRowsOfOnePartitionShareARequest() throws Exception {
    BatchWriter writer = writer(4, 16_384, 10_000);
    for (int row = 0; row < 250; row++) {
      add(writer, "A", row);
      add(writer, "B", row);
    }
    writer.flush();

    assertThat(requests).hasSizeBetween(6, 8);
    Set<String> written = new HashSet<>();
    for (Statement<?> request : requests) {
      List<String> rows = rows(request);
      assertThat(rows).hasSizeLessThanOrEqualTo(110);
      assertThat(rows.stream().map(row -> row.substring(0, 1)).collect(Collectors.toSet()))
          .as("partitions of a request")
          .hasSize(1);
      written.addAll(rows);
    }
    assertThat(written).hasSize(500).contains("A:0", "A:249", "B:0", "B:249");
  }

  @Test
  void everyRequestIsIdempotentAndHasATimeout() throws Exception {
    BatchWriter writer = writer(4, 16_384, 10_000);
    add(writer, "A", 1);
    add(writer, "B", 1);
    add(writer, "B", 2);
    writer.flush();

    assertThat(requests)
        .hasSize(2)
        .allMatch(request -> Boolean.TRUE.equals(request.isIdempotent()))
        .allMatch(
            request ->
                request
                    .getExecutionProfile()
                    .getDuration(DefaultDriverOption.REQUEST_TIMEOUT)
                    .equals(Duration.ofSeconds(10)));
    assertThat(requests)
        .filteredOn(BatchStatement.class::isInstance)
        .singleElement()
        .satisfies(
            batch -> {
              assertThat(((BatchStatement) batch).getBatchType()).isEqualTo(BatchType.UNLOGGED);
              assertThat(batch.getConsistencyLevel()).isEqualTo(ConsistencyLevel.LOCAL_QUORUM);
            });
  }

  /** Cassandra warns of a request with more than ten partitions, or 5 KiB of several. */
  @Test
  void remaindersWithTheSameReplicasShareARequest() throws Exception {
    BatchWriter writer = writer(64, 16_384, 10_000);
    for (int symbol = 0; symbol < 100; symbol++) {
      add(writer, "A" + symbol, symbol);
      add(writer, "B" + symbol, symbol);
      add(writer, "S" + symbol, symbol);
      add(writer, "S" + symbol, symbol + 1000);
    }
    writer.flush();

    assertThat(requests).hasSize(10 + 10 + 17);
    Set<String> written = new HashSet<>();
    for (Statement<?> request : requests) {
      List<String> rows = rows(request);
      assertThat(rows.stream().map(row -> row.charAt(0)).collect(Collectors.toSet()))
          .as("nodes of a request")
          .hasSize(1);
      assertThat(rows.stream().map(row -> row.replaceAll(":.*", "")).distinct())
          .as("partitions of a request")
          .hasSizeLessThanOrEqualTo(10);
      assertThat(rows.size() * ROW_BYTES).isLessThanOrEqualTo(2048);
      written.addAll(rows);
    }
    assertThat(written).hasSize(400);
  }

  @Test
  void theMaximumSizeHoldsForRemaindersToo() throws Exception {
    BatchWriter writer = writer(64, 2 * ROW_BYTES, 10_000);
    for (int symbol = 0; symbol < 6; symbol++) {
      add(writer, "A" + symbol, symbol);
    }
    writer.flush();

    assertThat(requests).hasSize(3);
  }

  @Test
  void partitionsWithUnknownReplicasAreSentAlone() throws Exception {
    BatchWriter writer = writer(64, 16_384, 10_000);
    add(writer, "U1", 1);
    add(writer, "U2", 2);
    writer.flush();

    assertThat(requests).hasSize(2);
  }

  @Test
  void aSharedRequestLeavesNoRowsForTheNextOne() throws Exception {
    BatchWriter writer = writer(64, 16_384, 10_000);
    add(writer, "A1", 1);
    add(writer, "A2", 2);
    writer.flush();
    add(writer, "A1", 3);
    writer.flush();

    assertThat(requests).hasSize(2);
    assertThat(rows(requests.get(0))).containsExactlyInAnyOrder("A1:1", "A2:2");
    assertThat(rows(requests.get(1))).containsExactly("A1:3");
  }

  /** The connector sent rows one by one from some thousand partitions on. */
  @Test
  void manyPartitionsThatTakeTurnsStillShareRequests() throws Exception {
    BatchWriter writer = writer(64, 16_384, 10_000);
    int symbols = 5_000;
    int rows = 100_000;
    for (int row = 0; row < rows; row++) {
      add(writer, "S" + row % symbols, row);
    }
    writer.flush();

    assertThat(requests.stream().mapToInt(request -> rows(request).size()).sum()).isEqualTo(rows);
    assertThat(rows / requests.size()).as("rows in a request").isGreaterThanOrEqualTo(8);
  }

  @Test
  void theNumberOfRequestsInFlightIsLimited() throws Exception {
    answersAtOnce = false;
    BatchWriter writer = writer(3, 1, 1_000);
    for (int row = 0; row < 3; row++) {
      add(writer, "A", row);
    }

    assertThatThrownBy(() -> add(writer, "A", 3))
        .isInstanceOf(WriteException.class)
        .hasMessageContaining("has not answered for 2000 ms");
    assertThat(requests).hasSize(3);
    assertThat(writer.suspectsSession()).isTrue();

    unanswered.forEach(answer -> answer.complete(null));
    writer.flush();
  }

  @Test
  void theFlushWaitsForEveryResponseAndReportsFailures() throws Exception {
    answersAtOnce = false;
    BatchWriter writer = writer(3, 1, 10_000);
    add(writer, "A", 0);
    add(writer, "A", 1);
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> {
              try {
                writer.flush();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    unanswered.get(0).complete(null);
    assertThat(end).isNotDone();

    unanswered.get(1).completeExceptionally(new DriverTimeoutException("timed out after 10 s"));

    assertThatThrownBy(end::join)
        .hasCauseInstanceOf(WriteException.class)
        .hasMessageContaining("timed out after 10 s");
    assertThat(writer.suspectsSession()).isTrue();
  }

  @Test
  void afterAFailureNothingMoreIsSent() throws Exception {
    answersWith = new DriverTimeoutException("timed out");
    BatchWriter writer = writer(3, 1, 10_000);
    add(writer, "A", 0);

    assertThatThrownBy(() -> add(writer, "A", 1)).isInstanceOf(WriteException.class);
    assertThat(requests).hasSize(1);
  }

  /** Cassandra would refuse another session as well. */
  @Test
  void aRefusalDoesNotOpenAnotherSession() throws Exception {
    Node node = fake(Node.class, (method, none) -> null);
    answersWith = new UnavailableException(node, ConsistencyLevel.LOCAL_QUORUM, 2, 1);
    BatchWriter writer = writer(3, 1, 10_000);
    add(writer, "A", 0);

    assertThatThrownBy(writer::flush).isInstanceOf(WriteException.class);
    assertThat(writer.suspectsSession()).isFalse();
  }

  @Test
  void sendingDoesNotWaitAndSaysWhenEveryRowIsStored() throws Exception {
    answersAtOnce = false;
    BatchWriter writer = writer(4, 1, 10_000);
    List<String> stored = new ArrayList<>();
    add(writer, "A", 0);
    add(writer, "B", 0);
    writer.send(() -> stored.add("first"), error -> stored.add("failure"));
    add(writer, "A", 1);
    writer.send(() -> stored.add("second"), error -> stored.add("failure"));

    unanswered.get(2).complete(null);
    unanswered.get(1).complete(null);
    assertThat(stored).containsExactly("second");
    unanswered.get(0).complete(null);
    assertThat(stored).containsExactly("second", "first");
  }

  @Test
  void afterAFailureNothingCountsAsStored() throws Exception {
    answersAtOnce = false;
    BatchWriter writer = writer(4, 16_384, 10_000);
    List<String> stored = new ArrayList<>();
    add(writer, "A", 0);
    writer.send(() -> stored.add("first"), error -> stored.add(error.getMessage()));
    unanswered.get(0).completeExceptionally(new DriverTimeoutException("timed out"));
    add(writer, "A", 1);

    assertThatThrownBy(() -> writer.send(() -> stored.add("second"), error -> {}))
        .isInstanceOf(WriteException.class);
    assertThat(stored).containsExactly("timed out");
  }

  private BatchWriter writer(int inFlight, int batchBytes, long timeoutMs) {
    return new BatchWriter(
        session, new WriteSettings("Order", "LOCAL_QUORUM", inFlight, batchBytes, timeoutMs));
  }

  private static void add(BatchWriter writer, String partition, int row)
      throws InterruptedException {
    writer.add(writer.pendingBatch(partition), new Row(partition, row));
  }

  private record Row(String partition, int number) implements BatchWriter.PendingRow {
    @Override
    public int bytes() {
      return ROW_BYTES;
    }

    @Override
    public SimpleStatement statement() {
      return SimpleStatement.newInstance(partition + ":" + number)
          .setRoutingKey(StandardCharsets.UTF_8.encode(partition));
    }
  }

  private static List<String> rows(Statement<?> request) {
    return request instanceof BatchStatement batch
        ? StreamSupport.stream(batch.spliterator(), false)
            .map(row -> ((SimpleStatement) row).getQuery())
            .toList()
        : List.of(((SimpleStatement) request).getQuery());
  }
}
