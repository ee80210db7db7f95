package io.marketstream.embedded.maven;

import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.ReadApi;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The read API as a process. It is ready as soon as it serves. */
final class ReadApiProcess extends ProcessComponent implements ReadApi {
  private final CassandraNode cassandra;
  private final String keyspace;

  ReadApiProcess(
      ComponentSettings settings,
      ComponentClasspath classpath,
      CassandraNode cassandra,
      String keyspace) {
    super(settings, classpath);
    this.cassandra = cassandra;
    this.keyspace = keyspace;
  }

  @Override
  public String version() {
    return classpath.versionOf("market-data-api");
  }

  @Override
  Launch prepare() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--port",
                Integer.toString(settings.port()),
                "--keyspace",
                keyspace,
                "--cassandra",
                cassandra.cqlAddress().getHostString() + ":" + cassandra.cqlAddress().getPort(),
                "--datacenter",
                CassandraNode.DATACENTER));
    settings.overrides().forEach((option, value) -> arguments.addAll(List.of(option, value)));
    return new Launch(List.of(), "io.marketstream.api.cli.ApiMain", arguments);
  }

  @Override
  boolean isReady() {
    return output().tail().stream().anyMatch(line -> line.endsWith(": " + address()));
  }

  @Override
  public URI address() {
    return URI.create("http://" + host() + ":" + settings.port());
  }
}
