package io.marketstream.embedded.component;

/**
 * The releases of Kafka Connect on which the plugins are tested. {@link #NEWEST} is the one that
 * the pipeline uses. {@code mvn -Pconnect-versions package} builds the class paths of the others.
 */
public enum ConnectRelease {
  CONNECT_3_5("3.5"),
  CONNECT_3_9("3.9"),
  NEWEST("newest");

  private final String label;

  ConnectRelease(String label) {
    this.label = label;
  }

  /**
   * Returns the release with a label.
   *
   * @param label {@code 3.5}, {@code 3.9} or {@code newest}
   * @throws IllegalArgumentException for any other label
   */
  public static ConnectRelease of(String label) {
    for (ConnectRelease release : values()) {
      if (release.label.equals(label)) {
        return release;
      }
    }
    throw new IllegalArgumentException("There is no release of Connect called '" + label + "'");
  }

  /** Returns the name in options and folders. */
  public String label() {
    return label;
  }
}
