package io.marketstream.embedded.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.process.ComponentException;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentFilesTest {
  @TempDir Path folder;

  @Test
  void theVersionIsThatOfTheJar() {
    ComponentClasspath classpath =
        new ComponentClasspath(
            List.of(
                Path.of("/m2/kafka-clients-3.4.1.jar"),
                Path.of("/m2/kafka_2.13-4.3.1.jar"),
                Path.of("/m2/cassandra-all-5.0.9.jar")));

    assertThat(classpath.versionOf("kafka")).isEqualTo("4.3.1");
    assertThat(classpath.versionOf("cassandra-all")).isEqualTo("5.0.9");
    assertThatThrownBy(() -> classpath.versionOf("spark-core"))
        .isInstanceOf(ComponentException.class);
  }

  @Test
  void aMissingJarIsNamedBeforeAnythingStarts() throws Exception {
    Path there = Files.writeString(folder.resolve("there-1.jar"), "");
    Path file =
        Files.writeString(
            folder.resolve("classpath.txt"),
            there + File.pathSeparator + folder.resolve("gone-1.jar"));

    assertThatThrownBy(() -> ComponentClasspath.read(file))
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("gone-1.jar is missing")
        .hasMessageContaining("mvn");
    assertThatThrownBy(() -> ComponentClasspath.read(folder.resolve("none.txt")))
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("none.txt is missing");
  }

  @Test
  void anOverlayWinsOverTheFileAndLeavesTheRest() throws Exception {
    Path shipped =
        Files.writeString(
            folder.resolve("a.properties"), "# why\nlisteners=http://a\ngroup.id=g\n");

    Path written =
        PropertiesFile.write(
            folder.resolve("b.properties"),
            PropertiesFile.overlay(
                shipped, Map.of("listeners", "http://b:1", "plugin.path", "/with space/é")));

    assertThat(asKafkaReads(written))
        .containsEntry("listeners", "http://b:1")
        .containsEntry("group.id", "g")
        .containsEntry("plugin.path", "/with space/é");
  }

  @ParameterizedTest
  @ValueSource(strings = {"josé", "börse", "用户", "a b", "naïve’s = #1: \\ \t!", "\uD83D\uDCC8"})
  void kafkaReadsTheWrittenProperties(String name) throws Exception {
    String path = "/home/" + name + "/kafka";

    Path written =
        PropertiesFile.write(folder.resolve("c.properties"), Map.of("log.dirs", path, name, "key"));

    assertThat(asKafkaReads(written)).containsEntry("log.dirs", path).containsEntry(name, "key");
    assertThat(PropertiesFile.overlay(written, Map.of())).containsEntry("log.dirs", path);
  }

  private static Map<String, String> asKafkaReads(Path file) throws Exception {
    return Utils.propsToStringMap(Utils.loadProps(file.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "70000", "-1", "soon"})
  void aDamagedPortFileIsIgnored(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("controller.port"), text);

    int port = FreePorts.rememberedIn(file);

    assertThat(file).hasContent(Integer.toString(port));
    Files.writeString(file, text);
    int shared = FreePorts.sharedIn(file, List.of("127.0.0.1"));
    assertThat(FreePorts.sharedIn(file, List.of("127.0.0.1"))).isEqualTo(shared);
  }

  @Test
  void aRememberedPortStaysTheSameUnlessItIsTaken() throws Exception {
    Path file = folder.resolve("port");
    int first = FreePorts.rememberedIn(file);
    assertThat(FreePorts.rememberedIn(file)).isEqualTo(first);
    try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePorts.rememberedIn(file)).isNotEqualTo(taken.getLocalPort());
    }
  }
}
