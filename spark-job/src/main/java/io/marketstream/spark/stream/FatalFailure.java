package io.marketstream.spark.stream;

import java.util.Optional;
import java.util.regex.Pattern;

/** Failures of a query that starting it again cannot mend, each with what its reader is to do. */
final class FatalFailure {
  /** Spark's words, before the path of a file of offsets or commits. */
  private static final String DAMAGED = "Failed to read log file ";

  /** Spark's words of a partition that ends before the offset in the checkpoint. */
  private static final String SHORTENED = "offset was changed from";

  /**
   * Spark 3.5's words and Spark 4's of partitions that do not exist any more. Of records that aged
   * out it says that the topic "may have been deleted".
   */
  private static final Pattern GONE = Pattern.compile(" are gone|(?<! may) have been deleted");

  private FatalFailure() {}

  /** What to do about the failure; empty where it may pass. */
  static Optional<String> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // By its words: between executor and driver, and from Spark to Spark, only these stay.
      String message = String.valueOf(cause.getMessage());
      if (message.contains("failOnDataLoss")) {
        return Optional.of(dataLoss(message));
      }
      if (message.contains("the checkpoint holds state of version")) {
        return Optional.of(firstLineWith("the checkpoint holds state of version", message));
      }
      if (message.contains(DAMAGED)) {
        return Optional.of(
            firstLineWith(DAMAGED, message)
                + ": it is damaged. If it is the newest of its folder, delete it (and its .crc, if"
                + " there is one), and the batch is done again; else start with a new --checkpoint");
      }
    }
    return Optional.empty();
  }

  /** Spark names one option for several losses, whose causes and remedies differ. */
  private static String dataLoss(String message) {
    if (message.contains(SHORTENED)) {
      return "a partition is shorter than what the job has read of it: brokers lost records, as an"
          + " unclean leader election does, or the topic was made anew. Either read it from its"
          + " beginning with a new --checkpoint, or go on from where it ends now: --kafka-option"
          + " failOnDataLoss=false. Spark says: "
          + firstLineWith("Partition ", message);
    }
    if (GONE.matcher(message).find()) {
      return "partitions that the job reads are gone: their topic was deleted. Either make it again"
          + " and start with a new --checkpoint, or go on with the other topics: --kafka-option"
          + " failOnDataLoss=false";
    }
    return "Kafka no longer holds records that the job has not read yet: they aged out, or the topic"
        + " was made anew. Either bring them back, or go on with what is left:"
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
