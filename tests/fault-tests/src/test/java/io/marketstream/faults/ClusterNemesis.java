package io.marketstream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ConnectWorker;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults of single members of clusters. While one broker or one Cassandra node of three is away,
 * rows of every feed must continue to arrive. Otherwise the fault fails. A fault is over when every
 * member takes part again.
 */
final class ClusterNemesis {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterNemesis.class);
  private static final String FINNHUB = TestPipeline.FINNHUB_CONNECTOR;

  /** A member is away for at least this long. */
  private static final Duration AWAY = Duration.ofSeconds(20);

  /**
   * How long rows may take to arrive while a member is away. Connect's producers wait half a minute
   * for the answer of a frozen broker. The job's clients wait five to twenty seconds, one after the
   * other. The remaining time is for a busy machine.
   */
  private static final Duration ROWS_TIMEOUT = Duration.ofMinutes(2);

  /** The worker misses two heartbeats and stays in its group. */
  private static final Duration SHORT_FREEZE = Duration.ofSeconds(30);

  /** Longer than the session of our worker file (60 s) and the delay before tasks are moved. */
  private static final Duration LONG_FREEZE = Duration.ofSeconds(90);

  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final TestPipeline pipeline;
  private final TestStack stack;
  private final Random choice;
  private final ClusterHealth health;
  private final ConnectGroup connect;

  /**
   * @param pipeline on {@link TestStack#clustered}
   * @param choice chooses the members that are hit
   */
  ClusterNemesis(TestPipeline pipeline, Random choice) {
    this.pipeline = pipeline;
    this.stack = pipeline.stack;
    this.choice = choice;
    health = new ClusterHealth(stack, pipeline.cassandra());
    connect = new ConnectGroup(stack, pipeline.connectors());
  }

  /** Waits until every member of every cluster takes part. */
  void awaitWhole() {
    health.awaitBrokers();
    health.awaitNodes();
    connect.awaitWhole();
  }

  List<Fault> ofBrokers() {
    return oneAway("one broker of three", stack.brokers, health::awaitBrokers);
  }

  List<Fault> ofNodes() {
    return oneAway("one Cassandra node of three", stack.nodes, health::awaitNodes);
  }

  private List<Fault> oneAway(String name, List<? extends Component> cluster, Runnable awaitWhole) {
    return List.of(
        new Fault(
            name + ": kill -9",
            () -> {
              Component member = oneOf(cluster);
              member.kill();
              awaitRowsWithout(member);
              member.start();
              awaitWhole.run();
            }),
        new Fault(
            name + ": frozen",
            () -> {
              Component member = oneOf(cluster);
              member.suspend();
              try {
                awaitRowsWithout(member);
              } finally {
                member.resume();
              }
              awaitWhole.run();
            }));
  }

  private <M> M oneOf(List<M> members) {
    return members.get(choice.nextInt(members.size()));
  }

  /** Keeps the member away until rows of every feed arrive, and for {@link #AWAY} at least. */
  private void awaitRowsWithout(Component member) throws InterruptedException {
    Instant away = Instant.now();
    pipeline.awaitRowsOfEachFeedSince(away, ROWS_TIMEOUT);
    LOG.info(
        "Without {}, rows arrive after {} ms",
        member.name(),
        Duration.between(away, Instant.now()).toMillis());
    sleepUntil(away.plus(AWAY));
    // Rows that were received late in the outage arrive as well, not only older ones.
    pipeline.awaitRowsOfEachFeedSince(Instant.now(), ROWS_TIMEOUT);
  }

  List<Fault> ofWorkers() {
    return List.of(
        new Fault(
            "one worker of two: kill -9",
            () -> {
              ConnectWorker owner = connect.owner(FINNHUB);
              ConnectWorker other = connect.other(owner);
              owner.kill();
              connect.awaitAllOn(other);
              pipeline.awaitRowsOfEachFeedSince(Instant.now(), TIMEOUT);
              owner.start();
              connect.awaitWhole();
            }),
        new Fault(
            "one worker of two: frozen for 30 s",
            () -> {
              ConnectWorker owner = connect.owner(FINNHUB);
              owner.suspend();
              sleepUntil(Instant.now().plus(SHORT_FREEZE));
              owner.resume();
              connect.awaitWhole();
              assertThat(connect.owner(FINNHUB)).as("keeps its task").isSameAs(owner);
            }),
        new Fault(
            "one worker of two: frozen for 90 s",
            () -> {
              ConnectWorker owner = connect.owner(FINNHUB);
              Instant frozen = Instant.now();
              owner.suspend();
              try {
                connect.awaitAllOn(connect.other(owner));
                pipeline.awaitRowsOfEachFeedSince(Instant.now(), TIMEOUT);
                sleepUntil(frozen.plus(LONG_FREEZE));
              } finally {
                owner.resume();
              }
              connect.awaitWhole();
            }));
  }

  List<Fault> ofConnectors() {
    return List.of(
        new Fault(
            "connector: symbols in another order",
            () -> reconfigure("finnhub.symbols", ClusterNemesis::reversed)),
        new Fault(
            "connector: another setting",
            () -> reconfigure("reconnect.backoff.max.ms", before -> "30000")),
        new Fault(
            "connector: restarted over REST",
            () -> {
              connect.restart(FINNHUB);
              connect.awaitWhole();
            }));
  }

  private interface Change {
    String of(String before);
  }

  /** Changes one setting and, once rows arrive with it, changes it back. */
  private void reconfigure(String key, Change change) {
    JsonNode before = connect.config(FINNHUB);
    ObjectNode changed = before.deepCopy();
    changed.put(key, change.of(before.path(key).asText()));
    for (JsonNode config : List.of(changed, before)) {
      connect.putConfig(FINNHUB, config);
      connect.awaitWhole();
      pipeline.awaitRowsOfEachFeedSince(Instant.now(), TIMEOUT);
    }
  }

  private static String reversed(String symbols) {
    List<String> all = Arrays.asList(symbols.split(","));
    Collections.reverse(all);
    return all.stream().collect(Collectors.joining(","));
  }

  private static void sleepUntil(Instant moment) throws InterruptedException {
    Thread.sleep(Math.max(0, Duration.between(Instant.now(), moment).toMillis()));
  }
}
