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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** What all components that are a JVM of this machine have in common. */
abstract class ProcessComponent implements Component {
  final ComponentSettings settings;
  final ComponentClasspath classpath;
  private volatile ComponentProcess process;
  private volatile Duration startup = Duration.ZERO;

  ProcessComponent(ComponentSettings settings, ComponentClasspath classpath) {
    this.settings = settings;
    this.classpath = classpath;
  }

  /** Writes its configuration below {@link ComponentSettings#dataDir()} and says what to run. */
  abstract Launch prepare() throws IOException;

  /** What its processes find in their environment beside what the settings say. */
  Map<String, String> environment() throws IOException {
    return Map.of();
  }

  /** The loopback address on which it serves its port. */
  String host() {
    return "127.0.0.1";
  }

  /** Asks the component; false means not yet. Called about ten times a second. */
  abstract boolean isReady();

  /** Whether it never ends by itself; a job that has all it was to read may. */
  boolean servesUntilStopped() {
    return true;
  }

  /**
   * What its port is answered by is not this process, although it answers as such a component does.
   *
   * @param found what it is instead
   */
  final ComponentException foreign(String found) {
    return new ComponentException(
        "Something else than this "
            + name()
            + " answers on port "
            + settings.port()
            + ": "
            + found
            + ". End it, or choose other ports with MARKET_STREAM_PORTS",
        log());
  }

  /** What differs from one component to the next. */
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
    try {
      Files.createDirectories(settings.dataDir());
      process = run(name(), prepare());
    } catch (IOException e) {
      throw new ComponentException(
          "Cannot prepare " + name() + " in " + settings.dataDir() + ": " + e.getMessage(),
          log(),
          e);
    }
    try {
      process.awaitReady(settings.startTimeout(), this::isReady);
      if (servesUntilStopped() && !process.isAlive()) {
        throw process.failure(
            "stopped with exit code "
                + ExitCode.describe(process.exitCode().orElse(-1))
                + " while something else answered on its port "
                + settings.port());
      }
    } catch (RuntimeException e) {
      process.kill();
      throw e;
    }
    startup = Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public final void stop() {
    stop(settings.stopTimeout());
  }

  @Override
  public final void stop(Duration bound) {
    if (isRunning()) {
      process.terminate(bound);
    }
  }

  @Override
  public final void kill() {
    if (isRunning()) {
      process.kill();
    }
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
    return process != null && process.isAlive();
  }

  @Override
  public final OptionalInt exitCode() {
    return process == null ? OptionalInt.empty() : process.exitCode();
  }

  @Override
  public final Duration startup() {
    return startup;
  }

  @Override
  public final OptionalLong pid() {
    return isRunning() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
  }

  @Override
  public final OptionalLong residentBytes() {
    return isRunning() ? process.residentBytes() : OptionalLong.empty();
  }

  @Override
  public final ComponentException failure(String what) {
    return process == null
        ? new ComponentException(name() + " " + what, log())
        : process.failure(what);
  }

  /** What the running or last process wrote. */
  final ComponentLog output() {
    return process.log();
  }

  /**
   * Starts a JVM with the component's classpath, heap, folder and log; for the component itself and
   * its tools.
   */
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

  /** Copies a file of this package's resources into the component's folder. */
  final Path unpack(String resource) throws IOException {
    Path target = settings.dataDir().resolve(resource);
    try (InputStream in = ProcessComponent.class.getResourceAsStream(resource)) {
      Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    }
    return target;
  }

  private ComponentProcess running() {
    if (!isRunning()) {
      throw new IllegalStateException(name() + " is not running");
    }
    return process;
  }
}
