package io.marketstream.spark;

import io.marketstream.spark.kafka.KafkaIdentity;
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
 * The Kafka cluster and the topics whose offsets a checkpoint holds. With another cluster, or a
 * topic that was created again, those offsets mean other records: the job would begin in the middle
 * of them, without an error.
 */
final class CheckpointKafka {
  private static final String FOLDER = "market-data-job.kafka";
  private static final String CLUSTER = "cluster";

  /** A file per topic: topics may be created later, and no file is written twice. */
  private static final String TOPIC = "topic-";

  private final Configuration hadoop;
  private final String checkpoint;
  private final List<String> wanted;
  private final boolean failOnDataLoss;

  /** What the checkpoint is known to say, by file: it never changes. */
  private final Map<String, String> remembered = new HashMap<>();

  /**
   * @param wanted the topics that the job is to read
   * @param failOnDataLoss whether a topic that is gone is refused
   */
  CheckpointKafka(
      Configuration hadoop, String checkpoint, List<String> wanted, boolean failOnDataLoss) {
    this.hadoop = hadoop;
    this.checkpoint = checkpoint;
    this.wanted = wanted;
    this.failOnDataLoss = failOnDataLoss;
  }

  /**
   * Compares the cluster and its topics with those of the checkpoint, which takes down what it has
   * not seen yet.
   *
   * @throws OtherRecordsException if they differ
   * @throws StartException if a topic is gone, or the directory cannot be used: both may pass
   */
  void check(KafkaIdentity kafka) {
    Path folder = new Path(checkpoint, FOLDER);
    try {
      FileSystem storage = folder.getFileSystem(hadoop);
      if (kafka.clusterId() != null) {
        String before = remember(storage, folder, CLUSTER, kafka.clusterId());
        if (!before.equals(kafka.clusterId())) {
          throw new OtherRecordsException(
              "--checkpoint "
                  + checkpoint
                  + " belongs to the Kafka cluster "
                  + before
                  + ", and --bootstrap-servers lead to the cluster "
                  + kafka.clusterId()
                  + ": name brokers of that cluster, or give a new --checkpoint to build the tables"
                  + " anew");
        }
      }
      for (Map.Entry<String, String> topic : new TreeMap<>(kafka.topicIds()).entrySet()) {
        String before = remember(storage, folder, TOPIC + topic.getKey(), topic.getValue());
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
                  + ": it was deleted and created again, so offsets mean other records. Give a new"
                  + " --checkpoint to read it from its beginning");
        }
      }
      for (String topic : wanted) {
        if (failOnDataLoss && !kafka.topics().contains(topic) && hasRead(storage, folder, topic)) {
          throw new StartException(
              "the topic "
                  + topic
                  + ", which --checkpoint "
                  + checkpoint
                  + " has read, is gone. Either make it again and start with a new --checkpoint, or"
                  + " go on with the other topics: --kafka-option failOnDataLoss=false");
        }
      }
    } catch (IOException | FSError e) {
      throw CheckpointRoom.cannotWrite(checkpoint, e);
    }
  }

  /** Waiting does not mend it. */
  static final class OtherRecordsException extends StartException {
    private static final long serialVersionUID = 1L;

    OtherRecordsException(String message) {
      super(message);
    }
  }

  private boolean hasRead(FileSystem storage, Path folder, String topic) throws IOException {
    return remembered.containsKey(TOPIC + topic) || storage.exists(new Path(folder, TOPIC + topic));
  }

  private String remember(FileSystem storage, Path folder, String name, String id)
      throws IOException {
    String before = remembered.get(name);
    if (before == null) {
      before =
          CheckpointFile.remember(
              storage, new Path(folder, name), id, "What the offsets of this checkpoint belong to");
      remembered.put(name, before);
    }
    return before;
  }
}
