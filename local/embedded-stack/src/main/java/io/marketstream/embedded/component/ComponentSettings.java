package io.marketstream.embedded.component;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where a component lives and what it may use. Immutable; the {@code with…} methods return changed
 * copies.
 *
 * @param name what it is called; also the name of its log file
 * @param dataDir its own folder for everything it keeps; created when absent
 * @param log its log file; appended to
 * @param port the port it serves on its loopback address ({@link FreePorts} for tests); 0 for a
 *     component that serves none
 * @param heapMb its Java heap, MiB
 * @param overrides settings of the component itself, put over what we set
 * @param environment variables for this process alone; the place for secrets
 * @param jvmOptions further options for its JVM
 * @param startTimeout how long a start may take
 * @param stopTimeout how long an orderly stop may take before it is killed
 */
public record ComponentSettings(
    String name,
    Path dataDir,
    Path log,
    int port,
    int heapMb,
    Map<String, String> overrides,
    Map<String, String> environment,
    List<String> jvmOptions,
    Duration startTimeout,
    Duration stopTimeout) {

  /** On two shared cores a start takes far longer than on an idle machine. */
  public static final Duration START_TIMEOUT = Duration.ofSeconds(180);

  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  public ComponentSettings {
    Objects.requireNonNull(name, "name");
    dataDir = dataDir.toAbsolutePath().normalize();
    log = log.toAbsolutePath().normalize();
    overrides = Map.copyOf(overrides);
    environment = Map.copyOf(environment);
    jvmOptions = List.copyOf(jvmOptions);
  }

  /**
   * The component {@code name} in {@code home}: data in {@code home/name}, log in {@code
   * home/logs/name.log}.
   */
  public static ComponentSettings in(Path home, String name, int port, int heapMb) {
    return new ComponentSettings(
        name,
        home.resolve(name),
        home.resolve("logs").resolve(name + ".log"),
        port,
        heapMb,
        Map.of(),
        Map.of(),
        List.of(),
        START_TIMEOUT,
        STOP_TIMEOUT);
  }

  /** With one more setting of the component itself. */
  public ComponentSettings with(String key, String value) {
    return new ComponentSettings(
        name,
        dataDir,
        log,
        port,
        heapMb,
        plus(overrides, key, value),
        environment,
        jvmOptions,
        startTimeout,
        stopTimeout);
  }

  /** With one more environment variable. */
  public ComponentSettings withEnvironment(String key, String value) {
    return new ComponentSettings(
        name,
        dataDir,
        log,
        port,
        heapMb,
        overrides,
        plus(environment, key, value),
        jvmOptions,
        startTimeout,
        stopTimeout);
  }

  /** With these options for its JVM, after ours, so that they win. */
  public ComponentSettings withJvmOptions(List<String> options) {
    return new ComponentSettings(
        name,
        dataDir,
        log,
        port,
        heapMb,
        overrides,
        environment,
        options,
        startTimeout,
        stopTimeout);
  }

  /** With another heap, MiB. */
  public ComponentSettings withHeapMb(int heap) {
    return new ComponentSettings(
        name,
        dataDir,
        log,
        port,
        heap,
        overrides,
        environment,
        jvmOptions,
        startTimeout,
        stopTimeout);
  }

  /** With other bounds for start and stop. */
  public ComponentSettings withTimeouts(Duration start, Duration stop) {
    return new ComponentSettings(
        name, dataDir, log, port, heapMb, overrides, environment, jvmOptions, start, stop);
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> larger = new HashMap<>(map);
    larger.put(key, value);
    return larger;
  }
}
