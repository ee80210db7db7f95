package io.marketstream.embedded.component;

import io.marketstream.embedded.process.ComponentException;
import io.marketstream.embedded.start.Startable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One running part of the pipeline: Kafka, Connect, Cassandra, the job or the simulators.
 *
 * <p>Made stopped. It can be started, ended in any of the ways below, and started again on the same
 * data and port. Safe for use by several threads; {@link #start()} by one at a time.
 */
public interface Component extends Startable {
  /** Returns the name in messages, logs and the report. */
  @Override
  String name();

  /** The version of the product that runs, as its artifact is called. */
  String version();

  /** Where it writes its log; kept over restarts. */
  Path log();

  /**
   * Starts it and returns once it answers.
   *
   * @throws ComponentException when it ends or does not answer within the bound of its settings; it
   *     is then not running
   */
  @Override
  void start();

  /**
   * Ends it in an orderly way, or by force after the bound of its settings. Nothing happens when it
   * is not running.
   */
  @Override
  void stop();

  /** The same with another bound. */
  void stop(Duration bound);

  /** Ends it at once, as {@code kill -9} does. */
  void kill();

  /** Freezes it (SIGSTOP): sockets stay open, nothing is answered. */
  void suspend();

  /** Ends {@link #suspend()}. */
  void resume();

  boolean isRunning();

  /**
   * What it ended with; empty while it runs or was never started. 128 + signal when a signal ended
   * it.
   */
  OptionalInt exitCode();

  /** How long the last start took until it answered; zero when it was never ready. */
  Duration startup();

  /**
   * The process that runs it, for tools of this machine; empty when it is not running or runs
   * elsewhere.
   */
  OptionalLong pid();

  /** Bytes of RAM it holds, empty when it is not running or cannot be asked. */
  OptionalLong residentBytes();

  /**
   * A failure with the last error of its log, for a component that should be running and is not.
   */
  ComponentException failure(String what);
}
