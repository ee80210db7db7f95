package io.marketstream.embedded.component;

/**
 * The releases of Spark on which the job's jar is run. {@link #SPARK_3_5} is what the pipeline
 * uses; the others are there after {@code mvn -Pextended package}.
 */
public enum SparkRelease {
  /** Scala 2.12, what Apache's download of 3.5 is built for. */
  SPARK_3_5_SCALA_2_12("3.5-scala-2.12"),
  /** Scala 2.13. */
  SPARK_3_5("3.5"),
  /** Scala 2.13, the only one there is. */
  SPARK_4_1("4.1"),
  /** Scala 2.13. */
  SPARK_4_2("4.2");

  private final String label;

  SparkRelease(String label) {
    this.label = label;
  }

  /** Its name in folders. */
  public String label() {
    return label;
  }
}
