package io.marketstream.spark.kafka;

import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.settings.JobSettings;
import io.marketstream.spark.settings.KafkaOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the brokers and asks them for the topics that the job reads.
 *
 * <p>The job does this before it starts a query, so that a wrong address gives a one-line message
 * and not a stack trace of Spark.
 */
public final class KafkaAdmin {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaAdmin.class);

  private static final String REJECTED_RETENTION_MS = Long.toString(Duration.ofDays(30).toMillis());

  private KafkaAdmin() {}

  /**
   * Checks that a broker answers, and creates the rejected topic if it does not exist.
   *
   * <p>Where brokers do not create topics by themselves, nothing else creates it. Without the
   * topic, the first reject would stop the job.
   *
   * @throws StartException if no broker answers
   */
  public static void check(JobSettings settings) {
    send(
        settings,
        admin -> {
          admin.describeCluster().nodes().get();
          createIfAbsent(admin, settings.rejectedTopic());
          return true;
        });
  }

  /**
   * Asks the brokers for the id of the cluster, and which of the job's topics exist.
   *
   * @throws StartException if no broker answers
   */
  public static KafkaClusterInfo clusterInfo(JobSettings settings) {
    return send(
        settings,
        admin -> {
          String cluster = admin.describeCluster().clusterId().get();
          List<String> existing = new ArrayList<>();
          Map<String, String> ids = new HashMap<>();
          Map<String, KafkaFuture<TopicDescription>> answers =
              admin.describeTopics(settings.topicsRead()).topicNameValues();
          for (String topic : settings.topicsRead()) {
            Optional<TopicDescription> description =
                description(topic, Objects.requireNonNull(answers.get(topic)));
            if (description.isPresent()) {
              existing.add(topic);
              Uuid id = description.get().topicId();
              if (id != null && !id.equals(Uuid.ZERO_UUID)) { // the broker is too old for ids
                ids.put(topic, id.toString());
              }
            }
          }
          return new KafkaClusterInfo(cluster, existing, ids);
        });
  }

  /**
   * Asks the brokers how many partitions topics have together.
   *
   * @throws StartException if no broker answers
   */
  public static int partitions(JobSettings settings, List<String> topics) {
    return send(
        settings,
        admin ->
            admin.describeTopics(topics).allTopicNames().get().values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum());
  }

  /**
   * Returns the description of a topic, or empty if the topic does not exist.
   *
   * @throws StartException if the job may not see the topic, so that it cannot know what is missing
   */
  private static Optional<TopicDescription> description(
      String name, KafkaFuture<TopicDescription> topic)
      throws ExecutionException, InterruptedException {
    try {
      return Optional.of(topic.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      if (e.getCause() instanceof AuthorizationException) {
        throw new StartException(
            "the job may not see the topic "
                + name
                + ": grant it Describe and Read on the topic ("
                + e.getCause().getMessage()
                + ")",
            e.getCause());
      }
      throw e;
    }
  }

  private interface Request<T> {
    T send(Admin admin) throws ExecutionException, InterruptedException;
  }

  private static <T> T send(JobSettings settings, Request<T> request) {
    Map<String, Object> config =
        new HashMap<>(KafkaOptions.forClient(KafkaTimeouts.withDefaults(settings.kafkaOptions())));
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    try (Admin admin = Admin.create(config)) {
      return request.send(admin);
    } catch (ExecutionException e) {
      throw unreachable(settings, e.getCause());
    } catch (KafkaException e) {
      throw unreachable(settings, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while waiting for Kafka", e);
    }
  }

  private static void createIfAbsent(Admin admin, String topic) throws InterruptedException {
    if (exists(admin, topic)) {
      return;
    }
    // With the retention that connect-configs use, whichever of the two creates the topic.
    NewTopic rejected =
        new NewTopic(topic, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, REJECTED_RETENTION_MS));
    try {
      admin.createTopics(List.of(rejected)).all().get();
      LOG.info("created topic {}", topic);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        LOG.warn("could not create topic {}: {}", topic, rootMessage(e));
      }
    }
  }

  /**
   * Returns whether the topic exists; false also if the job may not see it.
   *
   * <p>Every broker knows the topics, but only the controller creates them. Asking first means that
   * a restart does not wait for a controller that hangs.
   */
  private static boolean exists(Admin admin, String topic) throws InterruptedException {
    try {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
      return true;
    } catch (ExecutionException e) {
      LOG.debug("topic {} is not visible", topic, e);
      return false;
    }
  }

  private static @Nullable String rootMessage(ExecutionException e) {
    return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
  }

  private static StartException unreachable(JobSettings settings, @Nullable Throwable cause) {
    return new StartException(
        "Kafka does not answer at --bootstrap-servers "
            + settings.bootstrapServers()
            + ": "
            + (cause == null ? "unknown cause" : cause.getMessage()),
        cause);
  }
}
