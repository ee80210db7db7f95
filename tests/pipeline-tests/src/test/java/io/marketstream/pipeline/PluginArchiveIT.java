package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.local.run.Feed;
import io.marketstream.local.run.PluginArchives;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plugin zips that the build made, in the layout of Confluent's component archive. */
@Tag("pipeline")
class PluginArchiveIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERVICES = "META-INF/services/";
  private static final String CONVERTER_SERVICE =
      SERVICES + "org.apache.kafka.connect.storage.Converter";
  private static final String CONNECTOR_SERVICE =
      SERVICES + "org.apache.kafka.connect.source.SourceConnector";

  /**
   * Libraries of every worker of Kafka 3.5 to 4.3. A second copy in a plugin breaks the worker, or
   * logs twice.
   */
  private static final List<String> OF_THE_WORKER =
      List.of(
          "org/apache/kafka/",
          "org/slf4j/",
          "ch/qos/logback/",
          "org/apache/log4j/",
          "org/apache/logging/",
          "org/apache/commons/logging/",
          "javax/ws/rs/",
          "jakarta/ws/rs/",
          "org/glassfish/",
          "org/eclipse/jetty/");

  private static String module(Feed feed) {
    return feed.id() + "-source-connector";
  }

  private static String connector(Feed feed) {
    return "io.marketstream." + feed.id() + "." + feed.title() + "SourceConnector";
  }

  private static String keyConfig(Feed feed) {
    return switch (feed) {
      case FINNHUB -> "finnhub.token";
      case COINCAP -> "coincap.api.key";
      case COINBASE -> "coinbase.products";
    };
  }

  /** The files of a zip by name, below its top folder, in the zip's order. */
  private record Archive(String top, Map<String, byte[]> files, Map<String, ZipEntry> entries) {

    static Archive of(Feed feed) throws IOException {
      Path zip = PluginArchives.find(TestStack.ROOT, feed);
      String name = zip.getFileName().toString();
      String top = name.substring(0, name.length() - ".zip".length()) + "/";
      Archive archive = new Archive(top, new LinkedHashMap<>(), new LinkedHashMap<>());
      try (InputStream in = Files.newInputStream(zip);
          ZipInputStream content = new ZipInputStream(in)) {
        for (ZipEntry e = content.getNextEntry(); e != null; e = content.getNextEntry()) {
          assertThat(e.getName()).as("one top folder of the archive's name").startsWith(top);
          archive.entries.put(e.getName(), e);
          if (!e.isDirectory()) {
            archive.files.put(e.getName().substring(top.length()), content.readAllBytes());
          }
        }
      }
      return archive;
    }

    JsonNode json(String name) throws IOException {
      assertThat(files).containsKey(name);
      return JSON.readTree(files.get(name));
    }

    String text(String name) {
      assertThat(files).containsKey(name);
      return new String(files.get(name), StandardCharsets.UTF_8);
    }

    List<String> jars() {
      return files.keySet().stream().filter(name -> name.startsWith("lib/")).toList();
    }

    /** Returns the entries of one of its jars by name. */
    Map<String, byte[]> jar(String name) {
      Map<String, byte[]> content = new LinkedHashMap<>();
      try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(files.get(name)))) {
        for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
          if (!e.isDirectory()) {
            content.put(e.getName(), in.readAllBytes());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return content;
    }

    String version(Feed feed) {
      return top.substring(("marketstream-" + module(feed) + "-").length(), top.length() - 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theManifestHasWhatConfluentRequires(Feed feed) throws IOException {
    Archive archive = Archive.of(feed);
    JsonNode manifest = archive.json("manifest.json");

    assertThat(archive.top())
        .as("owner-name-version")
        .isEqualTo(
            manifest.at("/owner/username").asText()
                + "-"
                + manifest.get("name").asText()
                + "-"
                + manifest.get("version").asText()
                + "/");
    assertThat(manifest.at("/owner/username").asText()).matches("[a-z0-9_]{2,255}");
    assertThat(manifest.at("/owner/name").asText()).isNotBlank();
    assertThat(manifest.at("/owner/type").asText()).isEqualTo("organization");
    assertThat(manifest.get("name").asText()).isEqualTo(module(feed));
    assertThat(manifest.get("version").asText()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    assertThat(manifest.get("title").asText()).startsWith(feed.title());
    assertThat(manifest.get("description").asText()).contains(feed.title()).doesNotContain("${");
    assertThat(manifest.get("component_types")).isEqualTo(JSON.readTree("[\"source\"]"));
    assertThat(manifest.get("features"))
        .isEqualTo(
            JSON.readTree(
                "{\"supported_encodings\":[\"any\"],\"single_message_transforms\":true,"
                    + "\"confluent_control_center_integration\":false,"
                    + "\"kafka_connect_api\":true}"));
    assertThat(manifest.at("/license/0/name").asText()).startsWith("Apache License");
    assertThat(manifest.get("tags")).isNotEmpty();
    String logo = manifest.path("logo").asText();
    assertThat(logo).startsWith("assets/");
    assertThat(archive.text(logo)).startsWith("<svg");
  }

  @ParameterizedTest
  @EnumSource
  void libHasNoLibraryOfTheWorker(Feed feed) throws IOException {
    Archive archive = Archive.of(feed);
    assertThat(archive.jars())
        .extracting(name -> name.replaceFirst("lib/(.*?)-\\d.*\\.jar", "$1"))
        .as("the libraries of a plugin; avoid adding more")
        .containsExactlyInAnyOrder(
            module(feed),
            "feed-core",
            "market-data-model",
            "okhttp-jvm",
            "okio-jvm",
            "kotlin-stdlib",
            "annotations",
            "jackson-core");
    for (String jar : archive.jars()) {
      assertThat(archive.jar(jar).keySet())
          .as(jar)
          .isNotEmpty()
          .noneMatch(entry -> OF_THE_WORKER.stream().anyMatch(entry::startsWith));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theBillOfMaterialsNamesEveryJar(Feed feed) throws Exception {
    assumeThat(System.getProperty("marketstream.build"))
        .as("mvn -o writes no bill of materials")
        .isNotEqualTo("offline=true");
    Archive archive = Archive.of(feed);
    JsonNode bom = archive.json("doc/bom.json");
    assertThat(bom.get("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bom.at("/metadata/timestamp").isMissingNode()).as("no build time").isTrue();
    assertThat(bom.at("/metadata/component/name").asText()).isEqualTo(module(feed));
    Map<String, String> described = new TreeMap<>();
    for (JsonNode component : bom.get("components")) {
      described.put(
          "lib/"
              + component.get("name").asText()
              + "-"
              + component.get("version").asText()
              + ".jar",
          sha256(component));
      assertThat(component.at("/licenses/0/license/id").asText())
          .as("licence of %s", component.get("name"))
          .isEqualTo("Apache-2.0");
    }
    Map<String, String> brought = new TreeMap<>();
    for (String jar : archive.jars()) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(archive.files().get(jar));
      brought.put(jar, HexFormat.of().formatHex(hash));
    }
    brought.remove("lib/" + module(feed) + "-" + archive.version(feed) + ".jar");
    assertThat(described).isEqualTo(brought);
  }

  private static String sha256(JsonNode component) {
    for (JsonNode hash : component.get("hashes")) {
      if (hash.get("alg").asText().equals("SHA-256")) {
        return hash.get("content").asText();
      }
    }
    return "no SHA-256";
  }

  @ParameterizedTest
  @EnumSource
  void serviceFilesNameOnlyConnectorAndConverter(Feed feed) throws IOException {
    Archive archive = Archive.of(feed);
    String own = "lib/" + module(feed) + "-" + archive.version(feed) + ".jar";
    String core = "lib/feed-core-" + archive.version(feed) + ".jar";
    Map<String, List<String>> services =
        Map.of(own, List.of(CONNECTOR_SERVICE), core, List.of(CONVERTER_SERVICE));
    for (String jar : archive.jars()) {
      assertThat(archive.jar(jar).keySet())
          .as(jar)
          .filteredOn(entry -> entry.startsWith(SERVICES + "org.apache.kafka."))
          .isEqualTo(services.getOrDefault(jar, List.of()));
    }
    assertThat(archive.jar(core).get(CONVERTER_SERVICE))
        .asString(StandardCharsets.UTF_8)
        .isEqualToIgnoringNewLines("io.marketstream.feed.convert.FlatJsonConverter");
    String connector =
        new String(archive.jar(own).get(CONNECTOR_SERVICE), StandardCharsets.UTF_8).strip();
    assertThat(connector).isEqualTo(connector(feed));
    assertThat(archive.jar(own)).containsKey(connector.replace('.', '/') + ".class");
  }

  @ParameterizedTest
  @EnumSource
  void thePagesTheLicenseAndTheReadyConfigurationAreInIt(Feed feed) throws IOException {
    Archive archive = Archive.of(feed);
    assertThat(archive.text("doc/LICENSE"))
        .isEqualTo(Files.readString(TestStack.ROOT.resolve("LICENSE")));
    assertThat(archive.text("doc/README.md"))
        .startsWith("# ")
        .contains(keyConfig(feed))
        .contains("(common.md)");
    assertThat(archive.text("doc/common.md"))
        .isEqualTo(Files.readString(TestStack.ROOT.resolve("docs/connectors/common.md")));
    String file = "etc/" + feed.id() + "-source.json";
    assertThat(archive.files().keySet())
        .filteredOn(name -> name.startsWith("etc/"))
        .containsExactly(file);
    JsonNode ready = archive.json(file);
    assertThat(ready.get("name").asText()).isEqualTo(feed.id() + "-source");
    assertThat(ready.at("/config/connector.class").asText()).isEqualTo(connector(feed));
    String key = ready.get("config").get(keyConfig(feed)).asText();
    feed.keyVariable()
        .ifPresentOrElse(
            variable -> assertThat(key).isEqualTo("${env:" + variable + "}"),
            () -> assertThat(key).contains("BTC-USD"));
  }

  @ParameterizedTest
  @EnumSource
  void theArchiveHasNoBuildTimes(Feed feed) throws IOException {
    Archive archive = Archive.of(feed);
    assertThat(archive.entries().values())
        .extracting(ZipEntry::getTimeLocal)
        .as("builds of the same sources have the same bytes")
        .containsOnly(archive.entries().get(archive.top()).getTimeLocal());
  }
}
