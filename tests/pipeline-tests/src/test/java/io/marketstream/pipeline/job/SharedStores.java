package io.marketstream.pipeline.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests of the job one broker and one Cassandra node for the whole run: each test makes
 * topics and a keyspace of its own on them, and leaves them running.
 */
final class SharedStores implements ParameterResolver {

  private static final class Running implements AutoCloseable {
    private final JobStores stores;

    Running() {
      try {
        stores =
            JobStores.in(
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
    return parameter.getParameter().getType() == JobStores.class;
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
