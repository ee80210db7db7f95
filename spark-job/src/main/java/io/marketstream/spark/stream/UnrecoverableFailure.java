package io.marketstream.spark.stream;

import java.util.Optional;
import java.util.regex.Pattern;

/** Recognizes failures of a query that a restart cannot repair, and says what to do about them. */
final class UnrecoverableFailure {
  /** Spark's message before the path of a damaged file of offsets or commits. */
  private static final String DAMAGED = "Failed to read log file ";

  /** Kafka's exception for an offset that a partition no longer has. */
  private static final String OUT_OF_RANGE = "OffsetOutOfRangeException";

  /** Spark's message for a partition that ends before the offset in the checkpoint. */
  private static final String SHORTENED = "offset was changed from";

  /**
   * Messages of Spark 3.5 and Spark 4 for partitions that no longer exist. For records that aged
   * out they say that the topic "may have been deleted", which this pattern does not match.
   */
  private static final Pattern GONE = Pattern.compile(" are gone|(?<! may) have been deleted");

  private UnrecoverableFailure() {}

  /** Returns the message for the user, or empty if a restart may help. */
  static Optional<String> messageFor(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // By the message: exceptions of executors reach the driver as text, and classes of Spark
      // differ between versions.
      String message = String.valueOf(cause.getMessage());
      if (message.contains("failOnDataLoss")) {
        return Optional.of(dataLoss(message));
      }
      if (message.contains(OUT_OF_RANGE)) { // only in real-time mode: Spark says no more there
        return Optional.of(
            "Kafka no longer has the records that follow in the checkpoint: they aged out or were"
                + " deleted. Start with a new --checkpoint, which reads what is left. Rows that are"
                + " stored stay. Kafka says: "
                + firstLineWith(OUT_OF_RANGE, message));
      }
      if (message.contains("the checkpoint holds state of version")) {
        return Optional.of(firstLineWith("the checkpoint holds state of version", message));
      }
      if (message.contains(DAMAGED)) {
        return Optional.of(
            firstLineWith(DAMAGED, message)
                + ": it is damaged. If it is the newest file of its directory, delete it (and its"
                + " .crc file, if there is one): the job then repeats the batch. Otherwise start"
                + " with a new --checkpoint");
      }
    }
    return Optional.empty();
  }

  /** Spark names the same option for several kinds of loss, with different causes and remedies. */
  private static String dataLoss(String message) {
    if (message.contains(SHORTENED)) {
      return "a partition ends before the offset that the job has read: brokers lost records, for"
          + " example in an unclean leader election, or the topic was created again. Either read the"
          + " topic from its beginning with a new --checkpoint, or continue from its present end:"
          + " --kafka-option failOnDataLoss=false. Spark says: "
          + firstLineWith("Partition ", message);
    }
    if (GONE.matcher(message).find()) {
      return "partitions that the job reads are gone: their topic was deleted. Either create it"
          + " again and start with a new --checkpoint, or continue with the other topics:"
          + " --kafka-option failOnDataLoss=false";
    }
    return "Kafka no longer has records that the job has not read yet: they aged out, or the topic"
        + " was created again. Either restore them, or continue with the records that are left:"
        + " --kafka-option failOnDataLoss=false";
  }

  private static String firstLineWith(String words, String message) {
    return message
        .lines()
        .filter(line -> line.contains(words))
        .map(line -> line.substring(line.indexOf(words)))
        .findFirst()
        .orElse(words);
  }
}
