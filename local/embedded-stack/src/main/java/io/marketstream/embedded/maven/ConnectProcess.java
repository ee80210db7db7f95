package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ConnectMode;
import io.marketstream.embedded.component.ConnectSetup;
import io.marketstream.embedded.component.ConnectWorker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Connect worker as a process, configured by a worker file that we ship. */
final class ConnectProcess extends ProcessComponent implements ConnectWorker {
  private final ConnectSetup setup;

  ConnectProcess(ComponentSettings settings, ComponentClasspath classpath, ConnectSetup setup) {
    super(settings, classpath);
    this.setup = setup;
  }

  @Override
  public String version() {
    return classpath.versionOf("connect-runtime");
  }

  @Override
  public URI restUri() {
    return URI.create("http://127.0.0.1:" + settings.port());
  }

  @Override
  Launch prepare() throws IOException {
    Files.createDirectories(setup.pluginPath());
    Map<String, String> overlay = new HashMap<>();
    overlay.put("bootstrap.servers", setup.bootstrapServers());
    overlay.put("listeners", restUri().toString());
    overlay.put("rest.advertised.host.name", "127.0.0.1");
    overlay.put("plugin.path", setup.pluginPath().toAbsolutePath().toString());
    if (setup.mode() == ConnectMode.STANDALONE) {
      overlay.put("offset.storage.file.filename", settings.dataDir().resolve("offsets").toString());
    }
    overlay.putAll(settings.overrides());
    Path properties =
        PropertiesFile.write(
            settings.dataDir().resolve(setup.workerProperties().getFileName()),
            PropertiesFile.overlay(setup.workerProperties(), overlay));
    return new Launch(
        List.of("-Dlog4j2.configurationFile=" + unpack("connect-log4j2.properties").toUri()),
        setup.mode() == ConnectMode.STANDALONE
            ? "org.apache.kafka.connect.cli.ConnectStandalone"
            : "org.apache.kafka.connect.cli.ConnectDistributed",
        List.of(properties.toString()));
  }

  @Override
  boolean isReady() {
    return rest().isReady();
  }
}
