package io.marketstream.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CqlScriptTest {
  @Test
  void statementsEndAtSemicolonsAndTheLastNeedsNone() {
    assertThat(CqlScript.statements("USE a;\nSELECT * FROM t;;  \n USE b"))
        .containsExactly("USE a", "SELECT * FROM t", "USE b");
  }

  @Test
  void commentsAreNotPartOfAStatement() {
    assertThat(CqlScript.statements("-- one; two\nUSE a; // three;\n/* four;\n five */ USE b;"))
        .containsExactly("USE a", "USE b");
  }

  @Test
  void quotedTextIsUnchanged() {
    assertThat(CqlScript.statements("INSERT INTO t VALUES ('a;--b''c', \"x;y\", $$ ; // $$);"))
        .containsExactly("INSERT INTO t VALUES ('a;--b''c', \"x;y\", $$ ; // $$)");
  }

  @Test
  void everyStatementOfTheShippedFilesMayBeRepeated() throws IOException {
    Path folder = Path.of(System.getProperty("marketstream.root"), "cassandra-cql");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".cql")).toList()) {
        assertThat(CqlScript.statements(Files.readString(file)))
            .as(file.toString())
            .isNotEmpty()
            .allMatch(
                statement ->
                    statement.matches(
                        "(?s)CREATE (KEYSPACE|TABLE) IF NOT EXISTS .*"
                            + "|ALTER TABLE \\w+ ADD IF NOT EXISTS .*"));
      }
    }
  }
}
