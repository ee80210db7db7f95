package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.embedded.process.ComponentLog;
import io.marketstream.embedded.process.ComponentProcess;
import io.marketstream.embedded.process.ExitCode;
import io.marketstream.embedded.process.JavaCommand;
import io.marketstream.embedded.start.Startable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A component that is a JVM of this machine. Subclasses say what to run and when it is ready. */
abstract class ProcessComponent implements Component {
  final ComponentSettings settings;
  final ComponentClasspath classpath;
  private volatile @Nullable ComponentProcess process;
  private volatile Duration startup = Duration.ZERO;

  ProcessComponent(ComponentSettings settings, ComponentClasspath classpath) {
    this.settings = settings;
    this.classpath = classpath;
  }

  /** Writes the configuration into {@link ComponentSettings#dataDir()}, and returns what to run. */
  abstract Launch prepare() throws IOException;

  /** Returns environment variables for the processes. Those of the settings replace them. */
  Map<String, String> environment() throws IOException {
    return Map.of();
  }

  /** Returns the loopback address on which the component serves its port. */
  String host() {
    return "127.0.0.1";
  }

  /** Asks the component whether it is ready. Called about ten times per second. */
  abstract boolean isReady();

  /**
   * Returns whether the component runs until it is stopped. A job that reads a fixed input ends.
   */
  boolean servesUntilStopped() {
    return true;
  }

  /**
   * Returns the exception for another server that answers on the port of this component.
   *
   * @param found what answers
   */
  final ComponentException foreign(String found) {
    return new ComponentException(
        "Another server answers on port "
            + settings.port()
            + ", which "
            + name()
            + " needs: "
            + found
            + ". End it, or choose other ports with MARKET_STREAM_PORTS",
        log());
  }

  /** What to run: JVM options, main class and arguments. */
  record Launch(List<String> jvmOptions, String mainClass, List<String> arguments) {}

  @Override
  public final String name() {
    return settings.name();
  }

  @Override
  public final Set<Startable> dependencies() {
    return settings.dependencies();
  }

  @Override
  public final Path log() {
    return settings.log();
  }

  @Override
  public final void start() {
    if (isRunning()) {
      throw new IllegalStateException(name() + " is running already");
    }
    if (settings.port() > 0 && !FreePorts.isFree(host(), settings.port())) {
      throw new ComponentException(
          name() + " cannot start: port " + settings.port() + " of " + host() + " is taken", log());
    }
    long begin = System.nanoTime();
    ComponentProcess begun;
    try {
      Files.createDirectories(settings.dataDir());
      begun = run(name(), prepare());
      process = begun;
    } catch (IOException e) {
      throw new ComponentException(
          "Cannot prepare " + name() + " in " + settings.dataDir() + ": " + e.getMessage(),
          log(),
          e);
    }
    try {
      begun.awaitReady(settings.startTimeout(), this::isReady);
      if (servesUntilStopped() && !begun.isAlive()) {
        throw begun.failure(
            "stopped with exit code "
                + ExitCode.describe(begun.exitCode().orElse(-1))
                + " while something else answered on its port "
                + settings.port());
      }
    } catch (RuntimeException e) {
      begun.kill();
      throw e;
    }
    startup = Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public final void stop() {
    stop(settings.stopTimeout());
  }

  @Override
  public final void stop(Duration timeout) {
    runningProcess().ifPresent(running -> running.terminate(timeout));
  }

  @Override
  public final void kill() {
    runningProcess().ifPresent(ComponentProcess::kill);
  }

  @Override
  public final void suspend() {
    running().suspend();
  }

  @Override
  public final void resume() {
    running().resume();
  }

  @Override
  public final boolean isRunning() {
    return runningProcess().isPresent();
  }

  @Override
  public final OptionalInt exitCode() {
    ComponentProcess last = process;
    return last == null ? OptionalInt.empty() : last.exitCode();
  }

  @Override
  public final Duration startup() {
    return startup;
  }

  @Override
  public final OptionalLong pid() {
    return runningProcess().stream().mapToLong(ComponentProcess::pid).findFirst();
  }

  @Override
  public final OptionalLong residentBytes() {
    return runningProcess().map(ComponentProcess::residentBytes).orElse(OptionalLong.empty());
  }

  @Override
  public final ComponentException failure(String what) {
    ComponentProcess last = process;
    return last == null ? new ComponentException(name() + " " + what, log()) : last.failure(what);
  }

  /**
   * Returns what the running or last process wrote.
   *
   * @throws IllegalStateException before the first start
   */
  final ComponentLog output() {
    ComponentProcess last = process;
    if (last == null) {
      throw new IllegalStateException(name() + " has not been started");
    }
    return last.log();
  }

  /** Starts a JVM with the class path, heap, folder and log of the component. */
  final ComponentProcess run(String processName, Launch launch) throws IOException {
    Path temporary = Files.createDirectories(settings.dataDir().resolve("tmp"));
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + settings.heapMb() + "m");
    options.add("-Djava.io.tmpdir=" + temporary);
    options.add("-XX:-UsePerfData");
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.addAll(launch.jvmOptions());
    options.addAll(settings.jvmOptions());
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(settings.environment());
    return ComponentProcess.start(
        new JavaCommand(
            processName,
            options,
            classpath.jars(),
            launch.mainClass(),
            launch.arguments(),
            environment,
            settings.dataDir(),
            settings.log()),
        settings.dataDir().resolve("child"));
  }

  /** Copies a resource of this package into the component's folder. */
  final Path unpack(String resource) throws IOException {
    Path target = settings.dataDir().resolve(resource);
    try (InputStream in = ProcessComponent.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(in, resource), target, StandardCopyOption.REPLACE_EXISTING);
    }
    return target;
  }

  private Optional<ComponentProcess> runningProcess() {
    return Optional.ofNullable(process).filter(ComponentProcess::isAlive);
  }

  private ComponentProcess running() {
    return runningProcess()
        .orElseThrow(() -> new IllegalStateException(name() + " is not running"));
  }
}
