package io.marketstream.spark.checkpoint;

import io.marketstream.spark.failure.StartException;
import io.marketstream.spark.kafka.KafkaClusterInfo;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Checks that Kafka still has the cluster and the topics whose offsets the checkpoint holds.
 *
 * <p>In another cluster, or in a topic that was created again, the offsets refer to other records.
 * Without this check the job would continue in the middle of them, without an error.
 */
public final class CheckpointKafka {
  private static final String FOLDER = "market-data-job.kafka";
  private static final String CLUSTER = "cluster";

  /** Each topic has its own file, because files are written once and topics may come later. */
  private static final String TOPIC = "topic-";

  private final Configuration hadoop;
  private final String checkpoint;
  private final List<String> topics;
  private final boolean failOnDataLoss;

  /** The ids that are in the checkpoint, by file. They never change. */
  private final Map<String, String> storedIds = new HashMap<>();

  /**
   * @param topics the topics that the job reads
   * @param failOnDataLoss whether the job refuses to start if a topic that it has read is gone
   */
  public CheckpointKafka(
      Configuration hadoop, String checkpoint, List<String> topics, boolean failOnDataLoss) {
    this.hadoop = hadoop;
    this.checkpoint = checkpoint;
    this.topics = topics;
    this.failOnDataLoss = failOnDataLoss;
  }

  /**
   * Compares the ids of the cluster and its topics with those in the checkpoint. Ids that the
   * checkpoint does not have yet are stored in it.
   *
   * @throws OtherRecordsException if an id differs
   * @throws StartException if a topic is gone or the directory cannot be used; both may be
   *     temporary
   */
  public void check(KafkaClusterInfo kafka) {
    Path folder = new Path(checkpoint, FOLDER);
    try {
      FileSystem storage = folder.getFileSystem(hadoop);
      if (kafka.clusterId() != null) {
        String before = readOrStoreId(storage, folder, CLUSTER, kafka.clusterId());
        if (!before.equals(kafka.clusterId())) {
          throw new OtherRecordsException(
              "--checkpoint "
                  + checkpoint
                  + " belongs to the Kafka cluster "
                  + before
                  + ", but --bootstrap-servers belong to the cluster "
                  + kafka.clusterId()
                  + ": give brokers of the first cluster, or a new --checkpoint to rebuild the"
                  + " tables");
        }
      }
      for (Map.Entry<String, String> topic : new TreeMap<>(kafka.topicIds()).entrySet()) {
        String before = readOrStoreId(storage, folder, TOPIC + topic.getKey(), topic.getValue());
        if (!before.equals(topic.getValue())) {
          throw new OtherRecordsException(
              "--checkpoint "
                  + checkpoint
                  + " has read the topic "
                  + topic.getKey()
                  + " with the id "
                  + before
                  + ", and the topic of this name now has the id "
                  + topic.getValue()
                  + ": it was deleted and created again, so the offsets refer to other records. Give"
                  + " a new --checkpoint to read the topic from its beginning");
        }
      }
      for (String topic : topics) {
        if (failOnDataLoss && !kafka.topics().contains(topic) && hasRead(storage, folder, topic)) {
          throw new StartException(
              "the topic "
                  + topic
                  + ", which --checkpoint "
                  + checkpoint
                  + " has read, is gone. Either create it again and start with a new --checkpoint, or"
                  + " continue with the other topics: --kafka-option failOnDataLoss=false");
        }
      }
    } catch (IOException | FSError e) {
      throw CheckpointSpaceCheck.notWritable(checkpoint, e);
    }
  }

  /** The offsets in the checkpoint refer to other records. Waiting does not help. */
  public static final class OtherRecordsException extends StartException {
    private static final long serialVersionUID = 1L;

    OtherRecordsException(String message) {
      super(message);
    }
  }

  private boolean hasRead(FileSystem storage, Path folder, String topic) throws IOException {
    return storedIds.containsKey(TOPIC + topic) || storage.exists(new Path(folder, TOPIC + topic));
  }

  private String readOrStoreId(FileSystem storage, Path folder, String name, String id)
      throws IOException {
    String before = storedIds.get(name);
    if (before == null) {
      before =
          CheckpointFile.readOrStoreId(
              storage,
              new Path(folder, name),
              id,
              "The Kafka cluster and topics of the offsets in this checkpoint");
      storedIds.put(name, before);
    }
    return before;
  }
}
