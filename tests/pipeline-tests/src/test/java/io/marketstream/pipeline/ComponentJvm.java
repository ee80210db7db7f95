package io.marketstream.pipeline;

import java.util.List;

/** How the JVMs of the components under test are started. */
public final class ComponentJvm {
  private ComponentJvm() {}

  /**
   * Options for each of them, from {@code -Dmarketstream.component.jvm-options}; none when absent.
   * Most tests start a component and stop it soon: there the second compiler costs more processor
   * time than it saves. Where throughput or memory is judged, the options are empty.
   */
  public static List<String> options() {
    String options = System.getProperty("marketstream.component.jvm-options", "").strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
  }
}
