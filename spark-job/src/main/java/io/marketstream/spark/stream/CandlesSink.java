package io.marketstream.spark.stream;

import io.marketstream.spark.cassandra.WriteSettings;
import java.util.Map;
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
 * A sink of Spark's streaming queries, for candles and latest ticks as {@code FoldedRowCodec}
 * encodes them. With a sink a batch is planned and run once; with {@code foreachBatch} what the
 * batch writes would be planned again.
 *
 * <p>Spark makes it by its name, so what belongs to a query is registered before under an id.
 */
public final class CandlesSink implements TableProvider, SessionConfigSupport {
  /** Options of this sink are the session's settings {@code spark.datasource.market-stream.*}. */
  private static final String PREFIX = "market-stream";

  private static final String ID = "sink-id";

  /** What a query's sink writes with, and who hears of it. */
  private record Target(WriteSettings settings, BatchListener listener) {}

  private static final Map<String, Target> TARGETS = new ConcurrentHashMap<>();

  /** Called by Spark. */
  public CandlesSink() {}

  /**
   * Makes the next query of the session that writes to this sink write with these settings.
   *
   * @return what to hand to {@link #unregister} once the query has been started and ended
   */
  static String register(SparkSession spark, WriteSettings settings, BatchListener listener) {
    String id = UUID.randomUUID().toString();
    TARGETS.put(id, new Target(settings, listener));
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
    return new SinkTable(schema, TARGETS.get(new CaseInsensitiveStringMap(properties).get(ID)));
  }

  private record SinkTable(StructType rows, Target target) implements SupportsWrite {
    /** Deprecated, and on Spark 3.5 without a default that would spare it. */
    @Override
    @SuppressWarnings("deprecation")
    public StructType schema() {
      return rows;
    }

    @Override
    public String name() {
      return "candles and latest_ticks";
    }

    /** Spark shows it as the query's sink. */
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
        target.listener().begins();
      } catch (InterruptedException stopped) {
        throw undeclared(stopped);
      }
      return new CandlesWriter.Factory(target.settings());
    }

    /** Tasks may write whenever they like: every write may be repeated. */
    @Override
    public boolean useCommitCoordinator() {
      return false;
    }

    @Override
    public void commit(long epochId, WriterCommitMessage[] messages) {
      target.listener().written(epochId);
    }

    @Override
    public void abort(long epochId, WriterCommitMessage[] messages) {
      target.listener().failed();
    }

    /** Spark is written in a language without declared exceptions, and expects this one. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException undeclared(Throwable exception) throws E {
      throw (E) exception;
    }
  }
}
