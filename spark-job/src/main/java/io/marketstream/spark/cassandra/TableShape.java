package io.marketstream.spark.cassandra;

import java.util.HashMap;
import java.util.Map;

/**
 * The columns that the job expects in a table.
 *
 * @param name name of the table, without its keyspace
 * @param cqlFile the file in cassandra-cql/ that creates the table
 * @param columns CQL type by column name
 * @param laterFiles the file that adds a column, for columns that {@code cqlFile} does not create
 */
public record TableShape(
    String name, String cqlFile, Map<String, String> columns, Map<String, String> laterFiles) {
  public TableShape {
    columns = Map.copyOf(columns);
    laterFiles = Map.copyOf(laterFiles);
  }

  /** A table whose columns are all created by one file. */
  public TableShape(String name, String cqlFile, Map<String, String> columns) {
    this(name, cqlFile, columns, Map.of());
  }

  /** Returns the table with the columns that a later file adds. */
  TableShape with(String laterFile, Map<String, String> added) {
    Map<String, String> all = new HashMap<>(columns);
    Map<String, String> files = new HashMap<>(laterFiles);
    all.putAll(added);
    added.keySet().forEach(column -> files.put(column, laterFile));
    return new TableShape(name, cqlFile, all, files);
  }

  /** Returns the file that creates a column. */
  String fileOf(String column) {
    return laterFiles.getOrDefault(column, cqlFile);
  }
}
