package io.marketstream.feed.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the files in schemas/ with the schemas in the code. To write the files of a new version,
 * run {@code mvn test -pl feed-core -am -Dtest=PublishedSchemaTest -Dmarketstream.docs.write=true}.
 */
class PublishedSchemaTest {

  static List<PublishedSchema> schemas() {
    return PublishedSchema.all();
  }

  /** Writes files that are missing. It never changes a file, because readers may have a copy. */
  @BeforeAll
  static void writeNewVersions() throws IOException {
    if (Boolean.getBoolean("marketstream.docs.write")) {
      for (PublishedSchema schema : schemas()) {
        for (Map.Entry<String, String> generated : schema.files().entrySet()) {
          Path file = PublishedSchema.FOLDER.resolve(generated.getKey());
          if (!Files.exists(file)) {
            Files.writeString(file, generated.getValue());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void filesHoldTheSchemasOfTheCode(PublishedSchema schema) throws IOException {
    for (Map.Entry<String, String> generated : schema.files().entrySet()) {
      Path file = PublishedSchema.FOLDER.resolve(generated.getKey());
      assertThat(file).as("-Dmarketstream.docs.write=true writes it, see docs/schemas.md").exists();
      assertThat(Files.readString(file))
          .as(
              "%s. A published file never changes: raise the version of the schema in the code."
                  + " If no release has this version yet, delete the file and write it again with"
                  + " -Dmarketstream.docs.write=true",
              file.getFileName())
          .isEqualTo(generated.getValue());
    }
  }

  @Test
  void everyVersionSinceTheFirstIsPublishedAndNothingElse() throws IOException {
    TreeSet<String> expected = new TreeSet<>();
    for (PublishedSchema schema : schemas()) {
      for (int version = 1; version <= schema.version(); version++) {
        expected.add(schema.avroFile(version));
        expected.add(schema.jsonFile(version));
        expected.add(schema.connectFile(version));
      }
    }
    try (Stream<Path> files = Files.list(PublishedSchema.FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
