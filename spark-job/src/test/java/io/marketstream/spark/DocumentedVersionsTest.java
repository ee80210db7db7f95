package io.marketstream.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The Maven coordinates in the documentation have the versions that the build tests. To update the
 * pages, run {@code mvn test -Dmarketstream.docs.write=true}.
 */
class DocumentedVersionsTest {
  private static final Path ROOT = Path.of(System.getProperty("marketstream.root"));
  private static final List<String> PAGES =
      List.of("README.md", "docs/job.md", "spark-job/README.md");

  /** The artifact before a version, and the property of the root pom that has the version. */
  private static final Map<String, String> PROPERTY_BY_ARTIFACT =
      Map.of(
          "spark-sql-kafka-0-10_2.12", "spark-3.5-scala-2.12.version",
          "spark-sql-kafka-0-10_2.13", "spark.version",
          "spark-cassandra-connector_2.12", "spark-cassandra-connector.version",
          "spark-cassandra-connector_2.13", "spark-cassandra-connector.version");

  private static final Pattern COORDINATE =
      Pattern.compile(
          "(spark-(?:sql-kafka-0-10|cassandra-connector)_2\\.1[23]):([0-9]+\\.[0-9.]*[0-9])");

  @Test
  void everyCoordinateHasTheVersionOfTheBuild() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    for (String name : PAGES) {
      Path page = ROOT.resolve(name);
      String text = Files.readString(page);
      Matcher coordinates = COORDINATE.matcher(text);
      assertThat(coordinates.results()).as(name).isNotEmpty();
      String right = coordinates.replaceAll(found -> right(found, pom));
      if (Boolean.getBoolean("marketstream.docs.write")) {
        Files.writeString(page, right);
      } else {
        assertThat(text).as(name).isEqualTo(right);
      }
    }
  }

  private static String right(MatchResult found, String pom) {
    String artifact = found.group(1);
    // The lines for Spark 4 have other versions.
    String property =
        found.group(2).startsWith("4.")
            ? "spark-" + found.group(2).substring(0, 3) + ".version"
            : PROPERTY_BY_ARTIFACT.get(artifact);
    return artifact + ":" + version(pom, property);
  }

  private static String version(String pom, String property) {
    Matcher value = Pattern.compile("<" + Pattern.quote(property) + ">([^<]+)</").matcher(pom);
    assertThat(value.find()).as(property).isTrue();
    return value.group(1);
  }
}
