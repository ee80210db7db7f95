package io.marketstream.spark.cassandra;

import java.util.Map;

/**
 * The columns that the job expects in a table.
 *
 * @param name name of the table, without its keyspace
 * @param cqlFile the file in cassandra-cql/ that creates the table
 * @param columns CQL type by column name
 */
public record TableShape(String name, String cqlFile, Map<String, String> columns) {
  public TableShape {
    columns = Map.copyOf(columns);
  }
}
