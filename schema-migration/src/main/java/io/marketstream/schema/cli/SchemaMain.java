package io.marketstream.schema.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Creates the keyspace and the tables, and exits. {@link SchemaCommand} has the exit codes. */
public final class SchemaMain {
  private SchemaMain() {}

  public static void main(String[] args) {
    System.exit(
        SchemaCommand.run(
            args,
            System.getenv(),
            new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true),
            new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true)));
  }
}
