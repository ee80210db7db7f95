package io.marketstream.embedded.component;

/**
 * The releases of Connect on which the plugin zips are run. {@link #NEWEST} is what the pipeline
 * uses; the older ones are there after {@code mvn -Pconnect-versions package}.
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
   * @param label {@code 3.5}, {@code 3.9} or {@code newest}
   * @throws IllegalArgumentException for any other
   */
  public static ConnectRelease of(String label) {
    for (ConnectRelease release : values()) {
      if (release.label.equals(label)) {
        return release;
      }
    }
    throw new IllegalArgumentException("There is no release of Connect called '" + label + "'");
  }

  /** Its name in options and folders. */
  public String label() {
    return label;
  }
}
