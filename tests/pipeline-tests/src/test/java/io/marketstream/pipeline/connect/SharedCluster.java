package io.marketstream.pipeline.connect;

import io.marketstream.pipeline.TestStack;
import io.marketstream.pipeline.TestStackBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one broker and one worker for the whole run. Each test makes connectors, topics and a
 * feed of its own, and leaves the worker running.
 */
final class SharedCluster implements ParameterResolver {

  private static final class Running implements AutoCloseable {
    private final TestStack stack;

    Running() {
      try {
        stack =
            stack(
                    Files.createTempDirectory(
                        Path.of("target").toAbsolutePath(),
                        "connect-" + TestStack.CONNECT_RELEASE.label() + "-"))
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      stack.close();
    }
  }

  /** A broker and a distributed worker that notices a dead member soon. */
  static TestStackBuilder stack(Path home) {
    return TestStack.connectOnly(home)
        .quickWorkerTimeouts()
        .worker("offset.flush.interval.ms", "1000")
        // The shipped five seconds are too short if the machine pauses for as long.
        .worker("task.shutdown.graceful.timeout.ms", "20000")
        .worker("offset.flush.timeout.ms", "20000");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
    return parameter.getParameter().getType() == TestStack.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
    return extension
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Running.class, key -> new Running(), Running.class)
        .stack;
  }
}
