package io.marketstream.feed.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.feed.record.RecordsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of connect-configs/, and their copies in deploy/ and docs/. */
class ShippedConfigurationsTest {

  private static final Path FOLDER = Path.of("..", "connect-configs");

  /** The list may continue after a backslash at the end of a line. */
  private static final Pattern ALLOWED_OVERRIDES =
      Pattern.compile("override\\.allowlist(?:=|: )((?:[a-z.,]|\\\\\\n *)+)");

  private static final Pattern QUOTED_SETTING = Pattern.compile("    ([a-z.]+): \"(.*)\"");

  static List<Path> configurations() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @Test
  void thereAreConfigurations() throws IOException {
    assertThat(configurations()).hasSizeGreaterThanOrEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void everyTopicHasItsOwnCleanupPolicy(Path file) throws IOException {
    JsonNode config = config(file);
    List<String> keys = topicKeys(config);
    assertThat(keys)
        .contains(RecordsConfig.TOPIC, RecordsConfig.GAPS_TOPIC, RecordsConfig.REJECTED_TOPIC);
    for (String key : keys) {
      assertThat(creationSetting(config, config.get(key).asText(), "cleanup.policy"))
          .as("cleanup.policy of %s in %s", key, file.getFileName())
          .contains("delete");
    }
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void gapRecordsStayForEver(Path file) throws IOException {
    JsonNode config = config(file);
    String topic = config.get(RecordsConfig.GAPS_TOPIC).asText();
    assertThat(creationSetting(config, topic, "cleanup.policy")).isEqualTo("delete");
    assertThat(creationSetting(config, topic, "retention.ms")).isEqualTo("-1");
    assertThat(creationSetting(config, topic, "retention.bytes")).isEqualTo("-1");
  }

  /** A worker with such a list refuses a connector that overrides anything else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy/ec2/connect-distributed.properties",
        "deploy/strimzi/kafka-connect.yaml",
        "docs/deploy/aws.md",
        "docs/security.md"
      })
  void allowedOverridesAreThoseOfTheConnectorFiles(String file) throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path configuration : configurations()) {
      config(configuration)
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (key.contains(".override.")) {
                  assertThat(key).startsWith("producer.override.");
                  used.add(key.substring("producer.override.".length()));
                }
              });
    }
    Matcher list = ALLOWED_OVERRIDES.matcher(Files.readString(Path.of("..").resolve(file)));
    assertThat(list.find()).isTrue();
    assertThat(list.group(1).replaceAll("[\\\\\\s]", "").split(",", -1))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @ParameterizedTest
  @ValueSource(strings = {"finnhub-source", "coincap-source", "coinbase-source"})
  void strimziResourceHasTheSettingsOfTheConnectorFile(String name) throws IOException {
    JsonNode config = config(FOLDER.resolve(name + ".json"));
    Map<String, String> expected = new TreeMap<>();
    config.fieldNames().forEachRemaining(key -> expected.put(key, config.get(key).asText()));
    Map<String, String> found = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("..", "deploy", "strimzi", name + ".yaml"))) {
      Matcher setting = QUOTED_SETTING.matcher(line);
      if (setting.matches()) {
        found.put(setting.group(1), setting.group(2));
      } else if (line.startsWith("  class: ")) {
        found.put("connector.class", line.substring("  class: ".length()));
      } else if (line.startsWith("  tasksMax: ")) {
        found.put("tasks.max", line.substring("  tasksMax: ".length()));
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  private static JsonNode config(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile()).get("config");
  }

  /** Returns {@code topic} and every key that ends with {@code .topic}. */
  private static List<String> topicKeys(JsonNode config) {
    List<String> keys = new ArrayList<>();
    config
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (key.equals(RecordsConfig.TOPIC) || key.endsWith(".topic")) {
                keys.add(key);
              }
            });
    return keys;
  }

  /**
   * Chooses like Connect: the first group whose pattern matches the topic, otherwise the default.
   */
  private static String creationSetting(JsonNode config, String topic, String setting) {
    for (String group : config.path("topic.creation.groups").asText().split(",", -1)) {
      for (String pattern :
          config.path("topic.creation." + group + ".include").asText().split(",", -1)) {
        if (topic.matches(pattern)) {
          return config.path("topic.creation." + group + "." + setting).asText();
        }
      }
    }
    return config.path("topic.creation.default." + setting).asText();
  }
}
