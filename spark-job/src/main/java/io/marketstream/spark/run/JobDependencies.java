package io.marketstream.spark.run;

import io.marketstream.spark.cassandra.CassandraKeyspace;
import io.marketstream.spark.checkpoint.CheckpointKafka;
import io.marketstream.spark.checkpoint.CheckpointOptions;
import io.marketstream.spark.checkpoint.CheckpointSpaceCheck;
import io.marketstream.spark.failure.JobFailedException;
import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.kafka.KafkaAdmin;
import io.marketstream.spark.kafka.KafkaClusterInfo;
import io.marketstream.spark.settings.JobSettings;
import io.marketstream.spark.settings.KafkaOptions;
import io.marketstream.spark.stream.QueryStarter;
import io.marketstream.spark.stream.QuerySupervisor;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Checks the systems that the job depends on: Kafka, Cassandra and the checkpoint.
 *
 * <p>For the main thread only.
 */
final class JobDependencies implements QuerySupervisor.Dependencies, QueryStarter.TopicLookup {
  private final Configuration hadoop;
  private final JobSettings settings;
  private final CassandraKeyspace keyspace;
  private final CheckpointKafka checkpointKafka;

  JobDependencies(Configuration hadoop, JobSettings settings, CassandraKeyspace keyspace) {
    this.hadoop = hadoop;
    this.settings = settings;
    this.keyspace = keyspace;
    this.checkpointKafka =
        new CheckpointKafka(
            hadoop,
            settings.checkpoint(),
            settings.topicsRead(),
            KafkaOptions.failOnDataLoss(settings.kafkaOptions()));
  }

  /**
   * Checks the checkpoint before the first start of the query.
   *
   * @throws StartException if the checkpoint cannot be used with these settings
   */
  void checkCheckpoint() {
    CheckpointSpaceCheck.check(hadoop, settings.checkpoint());
    CheckpointOptions.check(hadoop, settings);
    checkpointKafka.check(KafkaAdmin.clusterInfo(settings));
  }

  /** Checks everything after a failure of the query. */
  @Override
  public void check() {
    KafkaAdmin.check(settings);
    keyspace.check();
    CheckpointSpaceCheck.check(hadoop, settings.checkpoint());
  }

  @Override
  public List<String> configured() {
    return settings.topicsRead();
  }

  @Override
  public int partitions(List<String> topics) {
    return KafkaAdmin.partitions(settings, topics);
  }

  /** Runs at each start of the query, because a topic may have been created again since. */
  @Override
  public List<String> existing() {
    KafkaClusterInfo kafka = KafkaAdmin.clusterInfo(settings);
    try {
      checkpointKafka.check(kafka);
    } catch (CheckpointKafka.OtherRecordsException other) {
      throw new JobFailedException(String.valueOf(other.getMessage()), other);
    }
    return kafka.topics();
  }
}
