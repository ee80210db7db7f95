package io.marketstream.pipeline;

import java.util.List;

/** The JVM options of the components under test. */
public final class ComponentJvm {
  private ComponentJvm() {}

  /**
   * The options of each component, from {@code -Dmarketstream.component.jvm-options}, or none. Most
   * tests stop a component soon after its start, so the second compiler costs more processor time
   * than it saves. Tests of throughput or memory have no options.
   */
  public static List<String> options() {
    String options = System.getProperty("marketstream.component.jvm-options", "").strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
  }
}
