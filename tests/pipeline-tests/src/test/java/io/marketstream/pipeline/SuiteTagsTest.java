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

/** {@code -Dgroups=connect} and its siblings together run every integration test. */
class SuiteTagsTest {
  private static final Path TESTS = Path.of(System.getProperty("marketstream.root"), "tests");
  private static final Pattern TAG = Pattern.compile("^@Tag\\(\"(\\w+)\"\\)", Pattern.MULTILINE);

  static Stream<Arguments> suites() {
    return Stream.of(
        Arguments.of("pipeline-tests", Set.of("connect", "job", "pipeline", "browser")),
        Arguments.of("fault-tests", Set.of("faults", "soak")));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everyIntegrationTestBelongsToOneSuite(String module, Set<String> suites) throws IOException {
    List<Path> classes;
    try (Stream<Path> files = Files.walk(TESTS.resolve(module).resolve("src/test/java"))) {
      classes = files.filter(file -> file.toString().endsWith("IT.java")).toList();
    }
    assertThat(classes).isNotEmpty();
    for (Path file : classes) {
      Set<String> tags =
          TAG.matcher(Files.readString(file))
              .results()
              .map((MatchResult tag) -> tag.group(1))
              .filter(suites::contains)
              .collect(Collectors.toSet());
      assertThat(tags).as("suite tags of %s", file.getFileName()).hasSize(1);
    }
  }
}
