package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that the tests that docs/security.md names exist, and that connect-configs/ has the
 * settings that it describes.
 */
class SecurityNotesTest {

  private static final Path CONFIGS = TestStack.ROOT.resolve("connect-configs");
  private static final Pattern TEST_NAME =
      Pattern.compile("`([A-Z]\\w+(?:Test|IT|Contract))\\.([a-z]\\w+)`");
  private static final Pattern TEXT_LITERAL = Pattern.compile("\"(?:\\\\.|[^\"\\\\\\n])*\"");
  private static final Pattern TEST_METHOD =
      Pattern.compile(
          "@(?:Parameterized|Fuzz)?Test\\b(?:(?!@Test|;).)*?\\bvoid (\\w+)\\(", Pattern.DOTALL);

  @Test
  void everyTestThatTheNotesNameExists() throws IOException {
    Map<String, String> tests = testSources();
    String notes = Files.readString(TestStack.ROOT.resolve("docs/security.md"));
    List<String> named = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    Matcher names = TEST_NAME.matcher(notes);
    while (names.find()) {
      named.add(names.group(1) + "." + names.group(2));
      if (!methods(tests.getOrDefault(names.group(1), "")).contains(names.group(2))) {
        unknown.add(names.group());
      }
    }
    assertThat(named).hasSizeGreaterThan(50);
    assertThat(unknown).as("tests that docs/security.md names and that do not exist").isEmpty();
  }

  private static List<String> methods(String source) {
    List<String> methods = new ArrayList<>();
    Matcher found = TEST_METHOD.matcher(TEXT_LITERAL.matcher(source).replaceAll("\"\""));
    while (found.find()) {
      methods.add(found.group(1));
    }
    return methods;
  }

  /**
   * Returns the sources by class name. If two modules have the same class name, it returns both.
   */
  private static Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> folders = Files.walk(TestStack.ROOT, 2)) {
      for (Path folder : folders.map(module -> module.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
              String name = file.getFileName().toString().replace(".java", "");
              sources.merge(name, Files.readString(file), String::concat);
            }
          }
        }
      }
    }
    return sources;
  }

  @Test
  void everyWorkerFileListensOnItsOwnMachineAlone() throws IOException {
    for (Properties worker : workerFiles()) {
      assertThat(worker.getProperty("listeners")).isEqualTo("http://127.0.0.1:8083");
      assertThat(worker).doesNotContainKeys("admin.listeners", "rest.host.name");
    }
  }

  @Test
  void everyWorkerFileListsTheAllowedVariables() throws IOException {
    for (Properties worker : workerFiles()) {
      assertThat(worker.getProperty("config.providers.env.param.allowlist.pattern"))
          .matches("FINNHUB_\\.\\*\\|COINCAP_\\.\\*(\\|KAFKA_\\.\\*)?");
    }
  }

  @Test
  void everyConnectorFileHoldsItsKeyAsAReference() throws IOException {
    List<Path> files = files(".json");
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      JsonNode config = new ObjectMapper().readTree(file.toFile()).get("config");
      String key = config.path("finnhub.token").asText() + config.path("coincap.api.key").asText();
      boolean needsNone = config.path("connector.class").asText().contains("coinbase");
      assertThat(key)
          .as(file.toString())
          .matches(needsNone ? "" : "\\$\\{env:(FINNHUB|COINCAP)_\\w+}");
    }
  }

  private static List<Properties> workerFiles() throws IOException {
    List<Properties> workers = new ArrayList<>();
    for (Path file : files(".properties")) {
      Properties worker = new Properties();
      try (InputStream in = Files.newInputStream(file)) {
        worker.load(in);
      }
      workers.add(worker);
    }
    assertThat(workers).isNotEmpty();
    return workers;
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(CONFIGS)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }
}
