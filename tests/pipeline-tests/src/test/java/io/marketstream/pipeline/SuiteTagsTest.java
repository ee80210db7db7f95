package io.marketstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each integration test belongs to one suite ({@code -Dgroups=connect} and the others), and
 * docs/testing.md names it.
 */
class SuiteTagsTest {
  private static final Path ROOT = Path.of(System.getProperty("marketstream.root"));
  private static final Pattern TAG = Pattern.compile("^@Tag\\(\"(\\w+)\"\\)", Pattern.MULTILINE);

  static Stream<Arguments> suites() {
    return Stream.of(
        Arguments.of(
            "pipeline-tests", Set.of("connect", "job", "pipeline", "browser", "monitoring")),
        Arguments.of("fault-tests", Set.of("faults", "soak")));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everyIntegrationTestBelongsToOneSuite(String module, Set<String> suites) throws IOException {
    for (Path file : integrationTests(module)) {
      Set<String> tags =
          TAG.matcher(Files.readString(file))
              .results()
              .map((MatchResult tag) -> tag.group(1))
              .filter(suites::contains)
              .collect(Collectors.toSet());
      assertThat(tags).as("suite tags of %s", file.getFileName()).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everyIntegrationTestIsDescribed(String module) throws IOException {
    String page = Files.readString(ROOT.resolve("docs/testing.md"));

    assertThat(integrationTests(module))
        .extracting(file -> file.getFileName().toString().replace(".java", ""))
        .as("integration tests that docs/testing.md does not describe")
        .filteredOn(test -> !page.contains("`" + test + "`"))
        .isEmpty();
  }

  private static List<Path> integrationTests(String module) throws IOException {
    Path tests = ROOT.resolve("tests").resolve(module).resolve("src/test/java");
    try (Stream<Path> files = Files.walk(tests)) {
      List<Path> classes = files.filter(file -> file.toString().endsWith("IT.java")).toList();
      assertThat(classes).isNotEmpty();
      return classes;
    }
  }
}
