package io.marketstream.embedded.component;

import io.marketstream.embedded.start.Startable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The settings that all components share: folder, log, port, heap, time limits. Immutable; the
 * {@code with…} methods return changed copies.
 *
 * @param name the component's name; also the name of its log file
 * @param dataDir the component's own folder for all its files; created if absent
 * @param log its log file; appended to
 * @param port the port that it serves on its loopback address, for example from {@link FreePorts};
 *     0 for a component that serves none
 * @param heapMb its Java heap in MiB
 * @param overrides settings of the component itself; they replace ours
 * @param environment variables for this process only; the place for secrets
 * @param jvmOptions more options for its JVM
 * @param startTimeout how long a start may take
 * @param stopTimeout how long an orderly stop may take before the process is killed
 * @param dependencies what must have started before this component
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
    Duration stopTimeout,
    Set<Startable> dependencies) {

  /** The default limit of a start. On two shared cores a start takes far longer than alone. */
  public static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  /** The default limit of an orderly stop. */
  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  public ComponentSettings {
    Objects.requireNonNull(name, "name");
    dataDir = dataDir.toAbsolutePath().normalize();
    log = log.toAbsolutePath().normalize();
    overrides = Map.copyOf(overrides);
    environment = Map.copyOf(environment);
    jvmOptions = List.copyOf(jvmOptions);
    dependencies = Set.copyOf(dependencies);
  }

  /** Returns settings for data in {@code home/name} and a log in {@code home/logs/name.log}. */
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
        STOP_TIMEOUT,
        Set.of());
  }

  /** Returns a copy with one more setting of the component itself. */
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
        stopTimeout,
        dependencies);
  }

  /** Returns a copy with one more environment variable. */
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
        stopTimeout,
        dependencies);
  }

  /** Returns a copy with these options for the JVM. They come after ours and therefore win. */
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
        stopTimeout,
        dependencies);
  }

  /** Returns a copy with another heap, in MiB. */
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
        stopTimeout,
        dependencies);
  }

  /** Returns a copy with other time limits. */
  public ComponentSettings withTimeouts(Duration start, Duration stop) {
    return new ComponentSettings(
        name,
        dataDir,
        log,
        port,
        heapMb,
        overrides,
        environment,
        jvmOptions,
        start,
        stop,
        dependencies);
  }

  /** Returns a copy that also depends on these. */
  public ComponentSettings dependingOn(Startable... others) {
    Set<Startable> all = new HashSet<>(dependencies);
    all.addAll(Arrays.asList(others));
    return new ComponentSettings(
        name,
        dataDir,
        log,
        port,
        heapMb,
        overrides,
        environment,
        jvmOptions,
        startTimeout,
        stopTimeout,
        all);
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> larger = new HashMap<>(map);
    larger.put(key, value);
    return larger;
  }
}
