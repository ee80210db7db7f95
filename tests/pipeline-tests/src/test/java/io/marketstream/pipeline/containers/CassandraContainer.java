package io.marketstream.pipeline.containers;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A node that is alone, as the image {@code cassandra} runs it, with a configuration of its own:
 * the node must not use the standard ports of this machine. Its data are in the image's volume.
 */
final class CassandraContainer extends ContainerComponent implements CassandraNode {
  private static final String STORAGE = "/var/lib/cassandra";

  private final int storagePort = FreePorts.next();
  private final int jmxPort = FreePorts.next();

  CassandraContainer(ComponentSettings settings, String image) {
    super(settings, image);
  }

  @Override
  @SuppressWarnings("AddressSelection") // it is an address, so nothing is resolved
  public InetSocketAddress cqlAddress() {
    return new InetSocketAddress("127.0.0.1", settings.port());
  }

  @Override
  Launch prepare() throws IOException {
    Path yaml = Files.writeString(settings.dataDir().resolve("cassandra.yaml"), yaml());
    SharedFiles.makeReadable(settings.dataDir());
    List<String> options = new ArrayList<>();
    options.add("-Dcassandra.config=" + yaml.toUri());
    options.add("-Dcassandra.jmx.local.port=" + jmxPort);
    // There is no other node to gossip with.
    options.add("-Dcassandra.skip_wait_for_gossip_to_settle=0");
    options.add("-Dcassandra.ring_delay_ms=0");
    options.addAll(settings.jvmOptions());
    Map<String, String> environment = new HashMap<>();
    environment.put("MAX_HEAP_SIZE", settings.heapMb() + "M");
    environment.put("JVM_EXTRA_OPTS", String.join(" ", options));
    environment.putAll(settings.environment());
    return new Launch(
        List.of("docker-entrypoint.sh", "cassandra", "-f"),
        environment,
        Optional.empty(),
        Set.of());
  }

  private String yaml() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("cluster_name", "market-stream-containers");
    all.put("num_tokens", "1");
    all.put("partitioner", "org.apache.cassandra.dht.Murmur3Partitioner");
    all.put("endpoint_snitch", "SimpleSnitch");
    all.put("listen_address", "127.0.0.1");
    all.put("rpc_address", "127.0.0.1");
    all.put("storage_port", Integer.toString(storagePort));
    all.put("native_transport_port", Integer.toString(settings.port()));
    all.put(
        "seed_provider",
        "[{class_name: org.apache.cassandra.locator.SimpleSeedProvider,"
            + " parameters: [{seeds: '127.0.0.1'}]}]");
    all.put("auto_bootstrap", "false");
    all.put("auto_snapshot", "false");
    // As for a node that is a process: what it has acknowledged survives a kill.
    all.put("commitlog_sync", "group");
    all.put("commitlog_sync_group_window", "5ms");
    all.put("commitlog_segment_size", "16MiB");
    all.put("read_request_timeout", "20s");
    all.put("range_request_timeout", "30s");
    all.put("write_request_timeout", "20s");
    for (String folder : List.of("commitlog", "hints", "saved_caches", "cdc_raw")) {
      all.put(folder + "_directory", STORAGE + "/" + folder);
    }
    all.put("data_file_directories", "[" + STORAGE + "/data]");
    all.putAll(settings.overrides());
    return all.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  @Override
  boolean isReady() {
    if (!FreePorts.isServed(settings.port())) {
      return false;
    }
    try (CqlSession session = directSession()) {
      return session.execute("SELECT release_version FROM system.local").one() != null;
    } catch (DriverException e) {
      return false;
    }
  }
}
