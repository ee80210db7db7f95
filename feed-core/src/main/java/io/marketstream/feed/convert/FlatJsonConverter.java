package io.marketstream.feed.convert;

import io.marketstream.feed.task.PluginVersion;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonConverterConfig;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;
import org.jspecify.annotations.Nullable;

/**
 * A faster form of Kafka's {@link JsonConverter} without schemas, which writes the same bytes. It
 * writes the flat records of the connectors in one pass. It leaves everything else to Kafka's own
 * converter: records with schemas, and records that a transformation has changed.
 *
 * <p>It has the settings of {@link JsonConverter}, but {@code schemas.enable} is off by default.
 * Like a task, an instance belongs to one thread.
 */
public final class FlatJsonConverter implements Converter, Versioned {
  private static final String SCHEMAS_ENABLE = "schemas.enable";

  /** Some transformations create a schema per record, whose writer is never used again. */
  private static final int MAX_WRITERS = 32;

  private final JsonConverter json;
  private final JsonBytes document = new JsonBytes();

  /** The writers by the identity of the schema; empty if its structs are not flat. */
  private final IdentityHashMap<Schema, Optional<FlatStructWriter>> writers =
      new IdentityHashMap<>();

  private @Nullable Schema newestSchema;
  private @Nullable FlatStructWriter newestWriter;
  private boolean withSchemas;

  public FlatJsonConverter() {
    this(new JsonConverter());
  }

  FlatJsonConverter(JsonConverter json) {
    this.json = json;
  }

  @Override
  public String version() {
    return PluginVersion.of(FlatJsonConverter.class);
  }

  @Override
  public ConfigDef config() {
    ConfigDef config = new ConfigDef();
    for (ConfigDef.ConfigKey key : json.config().configKeys().values()) {
      config.define(key.name.equals(SCHEMAS_ENABLE) ? offByDefault(key) : key);
    }
    return config;
  }

  private static ConfigDef.ConfigKey offByDefault(ConfigDef.ConfigKey key) {
    return new ConfigDef.ConfigKey(
        key.name,
        key.type,
        false,
        key.validator,
        key.importance,
        key.documentation,
        key.group,
        key.orderInGroup,
        key.width,
        key.displayName,
        key.dependents,
        key.recommender,
        key.internalConfig);
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    Map<String, Object> completed = new HashMap<>(configs);
    completed.putIfAbsent(SCHEMAS_ENABLE, false);
    json.configure(completed, isKey);
    completed.put(
        ConverterConfig.TYPE_CONFIG, (isKey ? ConverterType.KEY : ConverterType.VALUE).getName());
    withSchemas = new JsonConverterConfig(completed).schemasEnabled();
  }

  /**
   * @throws org.apache.kafka.connect.errors.DataException as {@link JsonConverter} throws it
   */
  @Override
  public byte @Nullable [] fromConnectData(
      String topic, @Nullable Schema schema, @Nullable Object value) {
    // Kafka's converter compares the two schemas. That is not needed for the same object.
    if (!withSchemas && value instanceof Struct struct && struct.schema() == schema) {
      FlatStructWriter writer = writer(schema);
      if (writer != null) {
        document.reset();
        if (writer.write(struct, document)) {
          return document.toByteArray();
        }
      }
    }
    return json.fromConnectData(topic, schema, value);
  }

  private @Nullable FlatStructWriter writer(Schema schema) {
    if (schema != newestSchema) {
      newestWriter = findWriter(schema);
      newestSchema = schema;
    }
    return newestWriter;
  }

  private @Nullable FlatStructWriter findWriter(Schema schema) {
    Optional<FlatStructWriter> writer = writers.get(schema);
    if (writer == null) {
      if (writers.size() == MAX_WRITERS) {
        writers.clear();
      }
      writer = Optional.ofNullable(FlatStructWriter.of(schema));
      writers.put(schema, writer);
    }
    return writer.orElse(null);
  }

  /** The number of cached writers. */
  int cachedWriters() {
    return writers.size();
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
    return json.toConnectData(topic, value);
  }
}
