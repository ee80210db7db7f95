package io.marketstream.pipeline.containers;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectSetup;
import io.marketstream.embedded.component.ConnectWorker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** A distributed Connect worker of the Kafka image, with a worker file that we ship. */
final class WorkerContainer extends ContainerComponent implements ConnectWorker {
  private final ConnectSetup setup;

  WorkerContainer(ComponentSettings settings, String image, ConnectSetup setup) {
    super(settings, image);
    this.setup = setup;
  }

  @Override
  public URI restUri() {
    return URI.create("http://127.0.0.1:" + settings.port());
  }

  @Override
  Launch prepare() throws IOException {
    Path plugins = setup.pluginPath().toAbsolutePath();
    SharedFiles.makeReadable(plugins);
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(setup.workerProperties())) {
      properties.load(in);
    }
    properties.put("bootstrap.servers", setup.bootstrapServers());
    properties.put("listeners", restUri().toString());
    properties.put("rest.advertised.host.name", "127.0.0.1");
    properties.put("plugin.path", plugins.toString());
    properties.putAll(settings.overrides());
    Path file = settings.dataDir().resolve("worker.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    Path logging = SharedFiles.unpack("connect-log4j2.properties", settings.dataDir());
    SharedFiles.makeReadable(settings.dataDir());
    Map<String, String> environment = new HashMap<>();
    environment.put("KAFKA_HEAP_OPTS", "-Xmx" + settings.heapMb() + "m");
    environment.put("KAFKA_OPTS", String.join(" ", settings.jvmOptions()));
    environment.put("KAFKA_LOG4J_OPTS", "-Dlog4j2.configurationFile=" + logging.toUri());
    environment.put("LOG_DIR", "/tmp");
    environment.putAll(settings.environment());
    return new Launch(
        List.of("/opt/kafka/bin/connect-distributed.sh", file.toString()),
        environment,
        Optional.empty(),
        Set.of(plugins));
  }

  @Override
  boolean isReady() {
    return rest().isReady();
  }
}
