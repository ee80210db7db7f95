package io.marketstream.spark.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.marketstream.spark.record.Reject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rejects out: records of the shape {@code RejectedInput}, as Connect's JsonConverter writes them
 * without schemas. At least once; the key, the record's origin, tells a repetition.
 */
public final class RejectedTopic {
  /** What Spark's Kafka sink wants to see. */
  public static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.StringType, false)
          .add("value", DataTypes.BinaryType, false);

  private static final JsonFactory JSON = new JsonFactory();

  private final String bootstrapServers;
  private final String topic;
  private final Map<String, String> options;

  /**
   * @param options as {@link KafkaOptions#asSparkSpellsThem} returned them
   */
  public RejectedTopic(String bootstrapServers, String topic, Map<String, String> options) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.options = KafkaOptions.forSink(options);
  }

  /** One reject as a row of {@link #SCHEMA}. */
  public static Row row(Reject reject) {
    return RowFactory.create(reject.at().origin(), json(reject));
  }

  /** Publishes rows of {@link #SCHEMA}; returns when the brokers have them. */
  public void publish(Dataset<Row> rejects) {
    rejects
        .write()
        .format("kafka")
        .options(options)
        .option("kafka.bootstrap.servers", bootstrapServers)
        .option("topic", topic)
        .save();
  }

  static byte[] json(Reject reject) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("source", reject.source());
      json.writeStringField("reason", reject.reason().name());
      json.writeStringField("detail", reject.detail());
      json.writeStringField("input", reject.input());
      if (reject.encoding() != null) {
        json.writeStringField("encoding", reject.encoding());
      }
      json.writeNumberField("received_at", reject.receivedAt());
      if (reject.session() == null) {
        json.writeNullField("session");
      } else {
        json.writeNumberField("session", reject.session());
      }
      json.writeStringField("origin", reject.at().origin());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory failed", impossible);
    }
    return bytes.toByteArray();
  }
}
