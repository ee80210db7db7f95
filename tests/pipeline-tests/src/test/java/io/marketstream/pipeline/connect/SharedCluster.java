package io.marketstream.pipeline.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one distributed {@link ConnectCluster} for the whole run: each test makes connectors,
 * topics and a feed of its own on it, and leaves the worker running.
 */
final class SharedCluster implements ParameterResolver {

  private static final class Running implements AutoCloseable {
    private final ConnectCluster cluster;

    Running() {
      try {
        Path home =
            Files.createTempDirectory(
                Path.of("target").toAbsolutePath(),
                "connect-" + ConnectCluster.RELEASE.label() + "-");
        cluster = ConnectCluster.distributed(home).start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      cluster.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
    return parameter.getParameter().getType() == ConnectCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
    return extension
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Running.class, key -> new Running(), Running.class)
        .cluster;
  }
}
