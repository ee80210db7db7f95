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
import org.junit.jupiter.api.Test;

/** {@code -Dgroups=connect} and its siblings together run every integration test. */
class SuiteTagsTest {
  private static final Path TESTS =
      Path.of(System.getProperty("marketstream.root"), "pipeline-tests/src/test/java");
  private static final Set<String> SUITES =
      Set.of("connect", "job", "pipeline", "faults", "soak", "browser");
  private static final Pattern TAG = Pattern.compile("^@Tag\\(\"(\\w+)\"\\)", Pattern.MULTILINE);

  @Test
  void everyIntegrationTestBelongsToOneSuite() throws IOException {
    List<Path> classes;
    try (Stream<Path> files = Files.walk(TESTS)) {
      classes = files.filter(file -> file.toString().endsWith("IT.java")).toList();
    }
    assertThat(classes).isNotEmpty();
    for (Path file : classes) {
      Set<String> suites =
          TAG.matcher(Files.readString(file))
              .results()
              .map((MatchResult tag) -> tag.group(1))
              .filter(SUITES::contains)
              .collect(Collectors.toSet());
      assertThat(suites).as("suite tags of %s", file.getFileName()).hasSize(1);
    }
  }
}
