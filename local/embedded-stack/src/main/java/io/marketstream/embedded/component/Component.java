package io.marketstream.embedded.component;

import io.marketstream.embedded.process.ComponentException;
import io.marketstream.embedded.start.Startable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A server or job that runs as a process: Kafka, Connect, Cassandra, Spark or the simulators.
 *
 * <p>A component is made stopped. You can start it, end it in several ways, and start it again on
 * the same data and port. Safe for use by several threads, but one thread at a time calls {@link
 * #start()}.
 */
public interface Component extends Startable {
  /** Returns the name in messages, logs and the report. */
  @Override
  String name();

  /** Returns the version of the product, as in the name of its artifact. */
  String version();

  /** Returns the log file. A restart appends to it. */
  Path log();

  /**
   * Starts the component and returns once it answers.
   *
   * @throws ComponentException if it ends, or does not answer within its start timeout. It is then
   *     not running.
   */
  @Override
  void start();

  /**
   * Stops the component in an orderly way, or by force after its stop timeout. Does nothing if it
   * is not running.
   */
  @Override
  void stop();

  /** Stops the component with another timeout. */
  void stop(Duration timeout);

  /** Ends the component at once, as {@code kill -9} does. */
  void kill();

  /** Suspends the component (SIGSTOP). Its sockets stay open, and it answers nothing. */
  void suspend();

  /** Continues a suspended component (SIGCONT). */
  void resume();

  boolean isRunning();

  /**
   * Returns the exit code, which is 128 + n if signal n ended the process. Empty while the
   * component runs, and before its first start.
   */
  OptionalInt exitCode();

  /** Returns how long the last start took; zero if the component has never been ready. */
  Duration startup();

  /** Returns the process id, or empty if the component does not run on this machine. */
  OptionalLong pid();

  /** Returns the bytes of RAM that the process holds, or empty if that is not known. */
  OptionalLong residentBytes();

  /** Returns an exception with the last error of the log, for a component that has stopped. */
  ComponentException failure(String what);
}
