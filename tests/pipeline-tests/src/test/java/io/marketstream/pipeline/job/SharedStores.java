package io.marketstream.pipeline.job;

import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests of the job one broker and one Cassandra node for the whole run. Each test makes
 * topics and a keyspace of its own, and leaves the stores running.
 */
final class SharedStores implements ParameterResolver {

  private static final class Running implements AutoCloseable {
    private final TestStack stores;

    Running() {
      try {
        stores =
            TestStack.storesOnly(
                    Files.createTempDirectory(Path.of("target").toAbsolutePath(), "job-stores-"))
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      stores.close();
    }
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
        .stores;
  }
}
