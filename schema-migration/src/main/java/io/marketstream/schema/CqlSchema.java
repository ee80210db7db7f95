package io.marketstream.schema;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.marketstream.model.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The numbered {@code *.cql} files of a folder. The first file creates the keyspace by its name.
 * The others name no keyspace.
 *
 * @param folder holds the files
 * @param keyspace the keyspace to create
 */
public record CqlSchema(Path folder, String keyspace) {
  /** The keyspace that the first file names. */
  static final String SHIPPED_KEYSPACE = Tables.KEYSPACE;

  /**
   * Applies all files in the order of their names. The session uses the keyspace afterwards.
   *
   * @throws SchemaException naming the file and statement that Cassandra refused
   */
  public void apply(CqlSession session) {
    List<Path> files = files();
    if (files.isEmpty()) {
      throw new SchemaException("There is no *.cql file in " + folder);
    }
    applyFile(
        session,
        files.get(0),
        read(files.get(0)).replaceAll("\\b" + SHIPPED_KEYSPACE + "\\b", keyspace));
    session.execute("USE " + keyspace);
    files.stream().skip(1).forEach(file -> applyFile(session, file, read(file)));
  }

  private void applyFile(CqlSession session, Path file, String text) {
    int number = 0;
    for (String statement : CqlScript.statements(text)) {
      number++;
      try {
        session.execute(statement);
      } catch (DriverException e) {
        throw new SchemaException(
            "Cassandra refused statement "
                + number
                + " of "
                + file
                + ": "
                + firstLine(e)
                + (isMistake(e) ? ". Correct the file" : ""),
            e);
      }
    }
  }

  /** A node that does not answer, or a role without the right, is no mistake of the file. */
  private static boolean isMistake(DriverException e) {
    return e instanceof QueryValidationException && !(e instanceof UnauthorizedException);
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().endsWith(".cql")).sorted().toList();
    } catch (IOException e) {
      throw new SchemaException("Cannot read the folder " + folder, e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
