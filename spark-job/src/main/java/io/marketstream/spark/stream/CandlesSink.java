package io.marketstream.spark.stream;

import io.marketstream.spark.cassandra.WriteSettings;
import io.marketstream.spark.metrics.BatchCountsAccumulator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.SessionConfigSupport;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.connector.write.streaming.StreamingDataWriterFactory;
import org.apache.spark.sql.connector.write.streaming.StreamingWrite;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A sink of Spark's streaming queries for candles and latest ticks, as {@code FoldedRowCodec}
 * encodes them.
 *
 * <p>With a sink, Spark plans and runs a batch once. With {@code foreachBatch}, it would plan the
 * written rows again. Spark creates the sink by its class name, so the target of a query is
 * registered under an id before.
 */
public final class CandlesSink implements TableProvider, SessionConfigSupport {
  /** The sink gets its options from the settings {@code spark.datasource.market-stream.*}. */
  private static final String PREFIX = "market-stream";

  private static final String ID = "sink-id";

  /** How the sink of a query writes, where it counts, and whom it informs. */
  private record Target(
      WriteSettings settings, BatchCountsAccumulator counts, BatchListener listener) {}

  private static final Map<String, Target> TARGETS = new ConcurrentHashMap<>();

  /** Called by Spark. */
  public CandlesSink() {}

  /**
   * Registers the target for the next query of the session that writes to this sink.
   *
   * @return the id for {@link #unregister}, to be called after the query has ended
   */
  static String register(
      SparkSession spark,
      WriteSettings settings,
      BatchCountsAccumulator counts,
      BatchListener listener) {
    String id = UUID.randomUUID().toString();
    TARGETS.put(id, new Target(settings, counts, listener));
    spark.conf().set("spark.datasource." + PREFIX + "." + ID, id);
    return id;
  }

  static void unregister(String id) {
    TARGETS.remove(id);
  }

  @Override
  public String keyPrefix() {
    return PREFIX;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return new StructType().add("value", DataTypes.BinaryType);
  }

  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new SinkTable(schema, target(properties));
  }

  private static Target target(Map<String, String> properties) {
    String id = new CaseInsensitiveStringMap(properties).get(ID);
    return Objects.requireNonNull(TARGETS.get(id), "no sink is registered under this id");
  }

  private record SinkTable(StructType rows, Target target) implements SupportsWrite {
    /** Deprecated, but abstract in Spark 3.5. */
    @Override
    @SuppressWarnings("deprecation")
    public StructType schema() {
      return rows;
    }

    @Override
    public String name() {
      return "candles and latest_ticks";
    }

    /** Spark shows this text as the sink of the query. */
    @Override
    public String toString() {
      return name();
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.STREAMING_WRITE);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
      return new WriteBuilder() {
        @Override
        public Write build() {
          return new SinkWrite(target);
        }
      };
    }
  }

  private record SinkWrite(Target target) implements Write, StreamingWrite {
    @Override
    public StreamingWrite toStreaming() {
      return this;
    }

    @Override
    public StreamingDataWriterFactory createStreamingWriterFactory(PhysicalWriteInfo info) {
      try {
        target.listener().onBatchStart();
      } catch (InterruptedException stopped) {
        throw undeclared(stopped);
      }
      return new CandlesWriter.Factory(target.settings(), target.counts());
    }

    /** Not needed, because every write may be repeated. */
    @Override
    public boolean useCommitCoordinator() {
      return false;
    }

    @Override
    public void commit(long epochId, WriterCommitMessage[] messages) {
      target.listener().onBatchWritten(epochId);
    }

    @Override
    public void abort(long epochId, WriterCommitMessage[] messages) {
      target.listener().onBatchFailed();
    }

    /** Throws a checked exception without declaring it, as Spark, in Scala, expects. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException undeclared(Throwable exception) throws E {
      throw (E) exception;
    }
  }
}
