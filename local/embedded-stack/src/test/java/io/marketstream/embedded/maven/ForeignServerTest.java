package io.marketstream.embedded.maven;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.process.ComponentException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A component recognises that another server of its kind answers on its port. */
class ForeignServerTest {
  private static final ComponentClasspath CLASSPATH = new ComponentClasspath(List.of());

  @TempDir Path folder;

  @Test
  void aBrokerOfAnotherClusterIsForeign() {
    KafkaProcess kafka = new KafkaProcess(settings("kafka"), CLASSPATH, Optional.empty());

    assertThatCode(() -> kafka.requireOwnServer("a", "a")).doesNotThrowAnyException();
    assertThatThrownBy(() -> kafka.requireOwnServer("a", "b"))
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("Another server answers on port")
        .hasMessageContaining("MARKET_STREAM_PORTS");
  }

  @Test
  void aNodeWithAnotherStoragePortIsForeign() throws Exception {
    CassandraProcess node =
        new CassandraProcess(settings("cassandra"), CLASSPATH, Optional.empty());
    Files.createDirectories(folder.resolve("cassandra"));
    node.prepare();
    int own = RingMember.alone(settings("cassandra")).storagePort();

    assertThatCode(() -> node.requireOwnServer(own)).doesNotThrowAnyException();
    assertThatThrownBy(() -> node.requireOwnServer(7000)).isInstanceOf(ComponentException.class);
  }

  @Test
  void aTakenPortIsReportedBeforeAnythingStarts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      KafkaProcess kafka =
          new KafkaProcess(
              ComponentSettings.in(folder, "kafka", taken.getLocalPort(), 64),
              CLASSPATH,
              Optional.empty());

      assertThatThrownBy(kafka::start)
          .isInstanceOf(ComponentException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " of 127.0.0.1 is taken");
    }
  }

  private ComponentSettings settings(String name) {
    return ComponentSettings.in(folder, name, FreePorts.next(), 64);
  }
}
