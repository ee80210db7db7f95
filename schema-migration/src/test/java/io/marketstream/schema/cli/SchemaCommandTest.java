package io.marketstream.schema.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Map<String, String> environment, String... args) {
    return SchemaCommand.run(
        args, environment, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void helpNamesTheOptionsAndTheExitCodes() {
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(out.toString()).contains("--cassandra", "--keyspace", "--files", "Exit codes:");
  }

  @Test
  void aFolderThatIsMissingIsOneClearLine() {
    assertThat(run(Map.of(), "--files", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "schema-migration: --files "
                + folder.resolve("none")
                + " is not a folder (--help shows the options)");
  }

  @Test
  void aKeyspaceThatNeedsQuotesIsRefused() {
    assertThat(run(Map.of("SCHEMA_MIGRATION_KEYSPACE", "a; DROP")))
        .as("taken from the environment")
        .isEqualTo(2);
    assertThat(err.toString()).contains("--keyspace 'a; DROP' is not a name");
  }

  @Test
  void halfALoginIsRefused() {
    assertThat(run(Map.of("CASSANDRA_USERNAME", "operator"), "--files", folder.toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("set CASSANDRA_USERNAME and CASSANDRA_PASSWORD");
  }

  @Test
  void aClusterThatDoesNotAnswerIsAFailureAndNotAWrongOption() {
    assertThat(run(Map.of(), "--cassandra", "127.0.0.1:1", "--files", folder.toString()))
        .isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().startsWith("schema-migration: ");
  }
}
