package io.marketstream.embedded.component;

/**
 * The releases of Spark on which the job is tested. The local pipeline uses {@link #SPARK_3_5}, and
 * {@link #SPARK_4_2} in real-time mode. {@code mvn -Pextended package} builds the class paths of
 * all but {@code SPARK_3_5}, and {@code -Preal-time} that of Spark 4.2 alone.
 */
public enum SparkRelease {
  /** Scala 2.12, as in Apache's download of Spark 3.5. */
  SPARK_3_5_SCALA_2_12("3.5-scala-2.12"),
  /** Scala 2.13. */
  SPARK_3_5("3.5"),
  /** Scala 2.13. Spark 4 has no other. */
  SPARK_4_1("4.1"),
  /** Scala 2.13. */
  SPARK_4_2("4.2");

  private final String label;

  SparkRelease(String label) {
    this.label = label;
  }

  /** Returns the name in folders. */
  public String label() {
    return label;
  }
}
