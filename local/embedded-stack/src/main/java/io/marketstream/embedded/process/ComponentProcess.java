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
 * A child JVM. It does not outlive this JVM, because its standard input is a pipe that closes when
 * this JVM is gone ({@link io.marketstream.embedded.child.ExitWithParent}).
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
   * Starts the JVM in an operating system session of its own, and returns at once.
   *
   * @param childClasses a folder for the jar that is added to the class path; created if absent
   * @throws UncheckedIOException if the log cannot be written or the JVM cannot be started
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

  /** Returns the exit code, which is 128 + n if signal n ended the process; empty while it runs. */
  public OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /** Returns what this process wrote to its log, without the output of earlier ones. */
  public ComponentLog log() {
    return log;
  }

  /** Returns the bytes that it holds in RAM, or empty if it is gone. */
  public OptionalLong residentBytes() {
    return ResidentMemory.of(pid());
  }

  /**
   * Waits until the component is ready.
   *
   * @param probe asks the component whether it is ready
   * @throws ComponentException if the process ends first, the timeout passes, or the thread is
   *     interrupted
   */
  public void awaitReady(Duration timeout, BooleanSupplier probe) {
    long end = System.nanoTime() + timeout.toNanos();
    while (!probe.getAsBoolean()) {
      // Ask once more: a job with little to do may have been ready and have ended since.
      if (!isAlive() && !probe.getAsBoolean()) {
        throw failure(
            "stopped with exit code "
                + ExitCode.describe(process.exitValue())
                + " before it was ready");
      }
      if (System.nanoTime() > end) {
        throw failure("was not ready after " + timeout.toSeconds() + " s");
      }
      pause(PROBE_INTERVAL);
    }
  }

  /** Returns an exception with what happened, the last error of the log, and the log file. */
  public ComponentException failure(String what) {
    String reason = log.lastError().map(line -> ": " + line).orElse("");
    return new ComponentException(command.name() + " " + what + reason, log.file());
  }

  /**
   * Asks the process to end (SIGTERM), and kills it after the timeout.
   *
   * @return whether it ended without being killed
   */
  public boolean terminate(Duration timeout) {
    process.toHandle().destroy();
    resumeIfStopped();
    if (awaitExit(timeout)) {
      return true;
    }
    kill();
    return false;
  }

  /** Kills the process (SIGKILL), and waits until it is gone. */
  public void kill() {
    process.toHandle().destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** Suspends the process (SIGSTOP). It keeps its sockets and does nothing. */
  public void suspend() {
    signal("STOP");
  }

  /** Continues the process (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  /** Waits for the end of the process. Returns false if the timeout passed first. */
  public boolean awaitExit(Duration timeout) {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
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
      throw new ComponentException(
          command.name() + ": the wait for it was interrupted", log.file(), e);
    }
  }
}
