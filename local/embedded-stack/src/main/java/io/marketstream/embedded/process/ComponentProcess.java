package io.marketstream.embedded.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A JVM that was started by this one and does not outlive it: its standard input is a pipe that
 * closes when this JVM is gone ({@link io.marketstream.embedded.child.ExitWithParent}).
 *
 * <p>Safe for use by several threads.
 */
public final class ComponentProcess {
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(100);

  private final JavaCommand command;
  private final Process process;
  private final ComponentLog log;

  private ComponentProcess(JavaCommand command, Process process, ComponentLog log) {
    this.command = command;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the JVM in a session of its own; returns at once.
   *
   * @param childClasses a folder for the one jar that we add to the classpath; created when absent
   * @throws UncheckedIOException when the log cannot be written or the JVM cannot be started
   */
  public static ComponentProcess start(JavaCommand command, Path childClasses) {
    try {
      Files.createDirectories(command.log().toAbsolutePath().getParent());
      ComponentLog log = ComponentLog.from(command.log());
      ProcessBuilder builder =
          new ProcessBuilder(
              DetachedProcess.ofThisMachine()
                  .wrap(command.commandLine(JavaCommand.packChildClasses(childClasses))));
      builder.directory(command.workingDirectory().toFile());
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(command.log().toFile()));
      Map<String, String> environment = builder.environment();
      environment.clear();
      environment.putAll(
          ChildDefaults.environment(
              System.getenv(), command.temporary(), ChildDefaults.utf8Locale()));
      environment.putAll(command.environment());
      return new ComponentProcess(command, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + command.name() + ": " + e.getMessage(), e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Empty while it runs; 128 + signal when a signal ended it. */
  public OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /** What this process (not an earlier one with the same file) wrote to its log. */
  public ComponentLog log() {
    return log;
  }

  /** Bytes held in RAM, empty when it is gone. */
  public OptionalLong residentBytes() {
    return ResidentMemory.of(pid());
  }

  /**
   * Waits until the component itself says that it is ready.
   *
   * @param probe asks the component; false means not yet
   * @throws ComponentException when the process ends first, the bound passes, or the thread is
   *     interrupted
   */
  public void awaitReady(Duration bound, BooleanSupplier probe) {
    long end = System.nanoTime() + bound.toNanos();
    while (!probe.getAsBoolean()) {
      // Asked once more when it is gone: a job that had little to do may have been ready and ended.
      if (!isAlive() && !probe.getAsBoolean()) {
        throw failure(
            "stopped with exit code "
                + ExitCode.describe(process.exitValue())
                + " before it was ready");
      }
      if (System.nanoTime() > end) {
        throw failure("was not ready after " + bound.toSeconds() + " s");
      }
      pause(PROBE_INTERVAL);
    }
  }

  /** A failure of this process: what happened, the last error of its log, and where the log is. */
  public ComponentException failure(String what) {
    String reason = log.lastError().map(line -> ": " + line).orElse("");
    return new ComponentException(command.name() + " " + what + reason, log.file());
  }

  /**
   * Asks the process to end (SIGTERM), and kills it when it has not within the bound.
   *
   * @return whether it ended by itself
   */
  public boolean terminate(Duration bound) {
    process.toHandle().destroy();
    resumeIfStopped();
    if (awaitExit(bound)) {
      return true;
    }
    kill();
    return false;
  }

  /** {@code kill -9}, and waits until the process is gone. */
  public void kill() {
    process.toHandle().destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** SIGSTOP: the process keeps its sockets and does nothing. */
  public void suspend() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  /** Waits for the end of the process; false when the bound passed first. */
  public boolean awaitExit(Duration bound) {
    try {
      return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  private void resumeIfStopped() {
    if (isAlive()) {
      resume();
    }
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " \"$0\"", Long.toString(pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      kill.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot send SIG" + name + " to " + command.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ComponentException(command.name() + " was no longer waited for", log.file(), e);
    }
  }
}
