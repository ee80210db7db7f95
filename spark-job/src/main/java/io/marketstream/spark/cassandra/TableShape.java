package io.marketstream.spark.cassandra;

import java.util.Map;

/**
 * What the job expects of a table.
 *
 * @param name without keyspace
 * @param cqlFile the file of cassandra-cql/ that creates it
 * @param columns CQL type by column
 */
public record TableShape(String name, String cqlFile, Map<String, String> columns) {
  public TableShape {
    columns = Map.copyOf(columns);
  }
}
