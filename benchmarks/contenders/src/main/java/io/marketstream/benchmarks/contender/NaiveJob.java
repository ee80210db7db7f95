package io.marketstream.benchmarks.contender;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_trunc;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_json;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job that a user would write in ten lines: Spark's Kafka source, {@code from_json}, and the
 * Cassandra connector's own streaming sink, all with their defaults. It fills {@code ticks} alone.
 * It checks nothing: a record that cannot be parsed ends it.
 */
public final class NaiveJob {
  private static final Logger LOG = LoggerFactory.getLogger(NaiveJob.class);

  private NaiveJob() {}

  /**
   * Runs until it is killed.
   *
   * @param args {@code --bootstrap-servers}, {@code --topic}, {@code --keyspace} and {@code
   *     --checkpoint}, each with a value
   */
  public static void main(String[] args) throws TimeoutException, StreamingQueryException {
    Map<String, String> required = new HashMap<>();
    Arrays.asList("--bootstrap-servers", "--topic", "--keyspace", "--checkpoint")
        .forEach(name -> required.put(name, null));
    Options options = new Options(args, required);
    SparkSession spark = SparkSession.builder().appName("naive-job").getOrCreate();
    StreamingQuery query =
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", options.text("--bootstrap-servers"))
            .option("subscribe", options.text("--topic"))
            .option("startingOffsets", "earliest") // as the job does
            .load()
            .select(from_json(col("value").cast("string"), schema()).as("tick"))
            .select("tick.*")
            .withColumn("price", col("price").cast("decimal(38,18)"))
            .withColumn("volume", col("volume").cast("decimal(38,18)"))
            .withColumn("event_time", expr("timestamp_millis(event_time)"))
            .withColumn("received_at", expr("timestamp_millis(received_at)"))
            .withColumn("hour", date_trunc("hour", col("event_time")))
            .writeStream()
            .format("org.apache.spark.sql.cassandra")
            .option("keyspace", options.text("--keyspace"))
            .option("table", "ticks")
            .option("checkpointLocation", options.text("--checkpoint"))
            .outputMode("append")
            .start();
    LOG.info("started {}", query.id());
    query.awaitTermination();
  }

  private static StructType schema() {
    return StructType.fromDDL(
        "source STRING, symbol STRING, kind STRING, price STRING, volume STRING,"
            + " conditions ARRAY<STRING>, event_time BIGINT, received_at BIGINT, session BIGINT,"
            + " sequence BIGINT");
  }
}
