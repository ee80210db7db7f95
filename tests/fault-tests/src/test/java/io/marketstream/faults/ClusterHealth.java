package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Waits until every member of the clusters takes part. Only then is a fault over, because no
 * cluster of three survives a second missing member.
 */
final class ClusterHealth {

  private static final Duration TIMEOUT = Duration.ofMinutes(4);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final TestStack stack;
  private final CqlSession cassandra;

  ClusterHealth(TestStack stack, CqlSession cassandra) {
    this.stack = stack;
    this.cassandra = cassandra;
  }

  /** Waits until all replicas of every partition are in sync. */
  void awaitBrokers() {
    await("every partition in sync on all brokers")
        .atMost(TIMEOUT)
        .pollInterval(PAUSE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(topics())
                    .flatExtracting(TopicDescription::partitions)
                    .isNotEmpty()
                    .allSatisfy(partition -> assertInSync(partition)));
  }

  private void assertInSync(TopicPartitionInfo partition) {
    assertThat(partition.replicas()).hasSize(stack.brokers.size());
    assertThat(partition.isr()).hasSameSizeAs(partition.replicas());
  }

  private List<TopicDescription> topics() throws Exception {
    try (Admin admin = stack.kafka.admin()) {
      Set<String> names =
          admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
      return List.copyOf(admin.describeTopics(names).allTopicNames().get().values());
    }
  }

  /** Waits until every node reaches all others. */
  void awaitNodes() {
    await("every node sees all nodes")
        .atMost(TIMEOUT)
        .pollInterval(PAUSE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(cassandra.getMetadata().getNodes()).hasSameSizeAs(stack.nodes);
              for (Node node : cassandra.getMetadata().getNodes().values()) {
                cassandra.execute(fromAllCopies().setNode(node));
              }
            });
  }

  private static SimpleStatement fromAllCopies() {
    return SimpleStatement.newInstance("SELECT symbol FROM latest_ticks WHERE source = 'none'")
        .setConsistencyLevel(ConsistencyLevel.ALL)
        .setTimeout(Duration.ofSeconds(5));
  }
}
