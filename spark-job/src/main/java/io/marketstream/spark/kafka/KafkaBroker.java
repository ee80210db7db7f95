package io.marketstream.spark.kafka;

import io.marketstream.spark.JobSettings;
import io.marketstream.spark.StartException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the job asks of Kafka before it starts, so that a wrong address is one line and not a trace.
 */
public final class KafkaBroker {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaBroker.class);

  /** 30 days. */
  private static final String RETENTION_MS = "2592000000";

  private KafkaBroker() {}

  /**
   * Reaches the brokers and sees to it that the rejected topic exists: nothing else creates it
   * where brokers do not create topics by themselves, and a reject must not stop the ticks.
   *
   * @throws StartException if no broker answers
   */
  public static void check(JobSettings settings) {
    ask(
        settings,
        admin -> {
          admin.describeCluster().nodes().get();
          createIfAbsent(admin, settings.rejectedTopic());
          return null;
        });
  }

  /**
   * Asks the brokers who they are, which of the topics that the job reads exist, and for their ids.
   *
   * @throws StartException if no broker answers
   */
  public static KafkaIdentity identity(JobSettings settings) {
    return ask(
        settings,
        admin -> {
          String cluster = admin.describeCluster().clusterId().get();
          List<String> existing = new ArrayList<>();
          Map<String, String> ids = new HashMap<>();
          Map<String, KafkaFuture<TopicDescription>> answers =
              admin.describeTopics(settings.topicsRead()).topicNameValues();
          for (String topic : settings.topicsRead()) {
            Optional<TopicDescription> description = description(topic, answers.get(topic));
            if (description.isPresent()) {
              existing.add(topic);
              Uuid id = description.get().topicId();
              if (id != null && !id.equals(Uuid.ZERO_UUID)) { // of a broker without ids
                ids.put(topic, id.toString());
              }
            }
          }
          return new KafkaIdentity(cluster, existing, ids);
        });
  }

  /**
   * Empty where the topic does not exist.
   *
   * @throws StartException if the job may not see it: then nobody knows what it lacks
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
            "Kafka does not let the job see the topic "
                + name
                + ": grant Describe and Read on it ("
                + e.getCause().getMessage()
                + ")",
            e.getCause());
      }
      throw e;
    }
  }

  private interface Question<T> {
    T ask(Admin admin) throws ExecutionException, InterruptedException;
  }

  private static <T> T ask(JobSettings settings, Question<T> question) {
    Map<String, Object> config =
        new HashMap<>(KafkaOptions.forClient(KafkaTimeouts.withDefaults(settings.kafkaOptions())));
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    try (Admin admin = Admin.create(config)) {
      return question.ask(admin);
    } catch (ExecutionException e) {
      throw unreachable(settings, e.getCause());
    } catch (KafkaException e) {
      throw unreachable(settings, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while asking Kafka", e);
    }
  }

  private static void createIfAbsent(Admin admin, String topic) throws InterruptedException {
    if (exists(admin, topic)) {
      return;
    }
    // As connect-configs create it: whoever comes first, rejects are kept for as long.
    NewTopic rejected =
        new NewTopic(topic, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, RETENTION_MS));
    try {
      admin.createTopics(List.of(rejected)).all().get();
      LOG.info("created topic {}", topic);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        LOG.warn("could not see to topic {}: {}", topic, e.getCause().getMessage());
      }
    }
  }

  /**
   * Any broker knows the topics; only the controller creates them, and a start after an outage is
   * not to wait for one that hangs.
   *
   * @return false too where it may not be known
   */
  private static boolean exists(Admin admin, String topic) throws InterruptedException {
    try {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
      return true;
    } catch (ExecutionException e) {
      LOG.debug("topic {} is not to be seen", topic, e);
      return false;
    }
  }

  private static StartException unreachable(JobSettings settings, Throwable cause) {
    return new StartException(
        "Kafka does not answer at --bootstrap-servers "
            + settings.bootstrapServers()
            + ": "
            + cause.getMessage(),
        cause);
  }
}
