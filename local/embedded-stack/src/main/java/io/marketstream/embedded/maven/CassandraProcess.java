package io.marketstream.embedded.maven;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.embedded.component.CassandraNode;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Cassandra node as a process, alone or in a ring. */
final class CassandraProcess extends ProcessComponent implements CassandraNode {
  /** The exports of Cassandra's own start script on Java 17. */
  private static final List<String> EXPORTS =
      List.of(
          "java.base/jdk.internal.misc",
          "java.base/java.lang.ref",
          "java.management.rmi/com.sun.jmx.remote.internal.rmi",
          "java.rmi/sun.rmi.registry",
          "java.rmi/sun.rmi.server",
          "java.sql/java.sql",
          "jdk.attach/sun.tools.attach",
          "jdk.compiler/com.sun.tools.javac.file",
          "jdk.unsupported/sun.misc");

  private static final List<String> OPENS =
      List.of(
          "java.base/java.io",
          "java.base/java.lang",
          "java.base/java.lang.module",
          "java.base/java.lang.reflect",
          "java.base/java.util",
          "java.base/jdk.internal.loader",
          "java.base/jdk.internal.math",
          "java.base/jdk.internal.module",
          "java.base/jdk.internal.ref",
          "java.base/jdk.internal.reflect",
          "java.base/jdk.internal.util.jar",
          "java.base/sun.nio.ch",
          "jdk.compiler/com.sun.tools.javac",
          "jdk.management/com.sun.management.internal");

  private final Optional<RingMember> inRing;

  /** The member that the running or last process is; null before the first start. */
  private volatile @Nullable RingMember member;

  /**
   * @param inRing the member of a ring; empty for a node that is alone
   */
  CassandraProcess(
      ComponentSettings settings, ComponentClasspath classpath, Optional<RingMember> inRing) {
    super(settings, classpath);
    this.inRing = inRing;
  }

  @Override
  public String version() {
    return classpath.versionOf("cassandra-all");
  }

  @Override
  public InetSocketAddress cqlAddress() {
    return new InetSocketAddress(inRing.map(RingMember::host).orElse("127.0.0.1"), settings.port());
  }

  @Override
  public List<InetSocketAddress> contactPoints() {
    return inRing
        .map(member -> member.contactPoints(settings.port()))
        .orElseGet(() -> List.of(cqlAddress()));
  }

  @Override
  Launch prepare() throws IOException {
    Path yaml = settings.dataDir().resolve("cassandra.yaml");
    RingMember starting = inRing.isPresent() ? inRing.get() : RingMember.alone(settings);
    member = starting;
    Files.writeString(yaml, yaml(starting));
    List<String> options = new ArrayList<>();
    options.add("-XX:+UseG1GC");
    options.add("-Xss512k");
    EXPORTS.forEach(name -> options.add("--add-exports=" + name + "=ALL-UNNAMED"));
    OPENS.forEach(name -> options.add("--add-opens=" + name + "=ALL-UNNAMED"));
    options.add("-Djdk.attach.allowAttachSelf=true");
    options.add("-Dio.netty.tryReflectionSetAccessible=true");
    options.add("-Djava.awt.headless=true");
    options.add("-Djna.tmpdir=" + Files.createDirectories(settings.dataDir().resolve("tmp")));
    options.add("-Dlogback.configurationFile=" + unpack("cassandra-logback.xml").toUri());
    options.add("-Dcassandra.config=" + yaml.toUri());
    options.add("-Dcassandra.storagedir=" + settings.dataDir());
    options.add("-Dcassandra.logdir=" + settings.log().getParent());
    options.add("-Dcassandra-foreground=yes");
    if (inRing.isEmpty()) {
      // There is no other node to gossip with.
      options.add("-Dcassandra.skip_wait_for_gossip_to_settle=0");
      options.add("-Dcassandra.ring_delay_ms=0");
      options.add("-Dcassandra.shutdown_announce_in_ms=0");
    } else {
      // A node waits for gossip before it joins. On one machine, gossip is fast.
      options.add("-Dcassandra.ring_delay_ms=5000");
    }
    options.add("-Dcassandra.superuser_setup_delay_ms=0");
    return new Launch(options, "org.apache.cassandra.service.CassandraDaemon", List.of());
  }

  @Override
  String host() {
    return cqlAddress().getHostString();
  }

  @Override
  boolean isReady() {
    return FreePorts.isServed(cqlAddress().getHostString(), settings.port()) && answers();
  }

  private boolean answers() {
    // A session to the ring would get answers from other nodes.
    try (CqlSession session = directSession()) {
      Row local = session.execute("SELECT listen_port FROM system.local").one();
      if (local == null) {
        return false;
      }
      requireOwnServer(local.getInt("listen_port"));
      return true;
    } catch (AllNodesFailedException e) {
      return e.getAllErrors().values().stream()
          .flatMap(List::stream)
          .anyMatch(AuthenticationException.class::isInstance); // it asks for a login: it answers
    } catch (DriverException e) {
      return false;
    }
  }

  /** Checks that this node answers. Another node would have another random storage port. */
  void requireOwnServer(int storagePort) {
    RingMember own = member;
    if (own == null || storagePort != own.storagePort()) {
      throw foreign("a Cassandra node with the storage port " + storagePort);
    }
  }

  private String yaml(RingMember member) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("cluster_name", "market-stream-local");
    all.put("num_tokens", "1");
    all.put("partitioner", "org.apache.cassandra.dht.Murmur3Partitioner");
    all.put("endpoint_snitch", "SimpleSnitch");
    all.put("listen_address", member.host());
    all.put("rpc_address", member.host());
    all.put("storage_port", Integer.toString(member.storagePort()));
    all.put("native_transport_port", Integer.toString(settings.port()));
    all.put(
        "seed_provider",
        "[{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: '"
            + member.seed()
            + "'}]}]");
    all.put("auto_bootstrap", "false");
    if (inRing.isPresent()) {
      all.put("initial_token", member.initialToken());
    }
    all.put("hinted_handoff_enabled", Boolean.toString(inRing.isPresent()));
    all.put("auto_snapshot", "false");
    // With "periodic", a killed node loses the last writes that it has acknowledged, and the job
    // does not write them again. In a ring, the other nodes have them.
    all.put("commitlog_sync", "group");
    all.put("commitlog_sync_group_window", "5ms");
    all.put("commitlog_segment_size", "16MiB");
    all.put("memtable_heap_space", settings.heapMb() / 4 + "MiB");
    all.put("memtable_offheap_space", settings.heapMb() / 4 + "MiB");
    all.put("key_cache_size", "16MiB");
    all.put("file_cache_size", "32MiB");
    all.put("cdc_enabled", "false");
    // The machine also runs the other components and the tests.
    all.put("read_request_timeout", "20s");
    all.put("range_request_timeout", "30s");
    all.put("write_request_timeout", "20s");
    for (String folder : List.of("commitlog", "hints", "saved_caches", "cdc_raw")) {
      all.put(folder + "_directory", quoted(settings.dataDir().resolve(folder)));
    }
    all.put("data_file_directories", "[" + quoted(settings.dataDir().resolve("data")) + "]");
    all.putAll(settings.overrides());
    return all.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }
}
