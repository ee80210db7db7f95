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

/**
 * Kafka's {@link JsonConverter} without schemas, faster: the same bytes for the same record. A flat
 * record, as the connectors make them, is written in one pass. Whatever else a transformation may
 * make of it goes to Kafka's own converter, as do records with schemas.
 *
 * <p>It takes the settings of {@link JsonConverter}; only {@code schemas.enable} is off unless it
 * is turned on. Like a task, an instance belongs to one thread.
 */
public final class FlatJsonConverter implements Converter, Versioned {
  private static final String SCHEMAS_ENABLE = "schemas.enable";

  /** Some transformations make a schema per record, and no plan for it is used twice. */
  private static final int MOST_PLANS = 32;

  private final JsonConverter json;
  private final JsonBytes document = new JsonBytes();

  /** By the very schema object; empty where its structs are not flat. */
  private final Map<Schema, Optional<FlatStruct>> plans = new IdentityHashMap<>();

  private Schema newestSchema;
  private FlatStruct newestPlan;
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
  public byte[] fromConnectData(String topic, Schema schema, Object value) {
    // Kafka's converter compares the two schemas; for one and the same object there is no need.
    if (!withSchemas && value instanceof Struct struct && struct.schema() == schema) {
      FlatStruct plan = plan(schema);
      if (plan != null) {
        document.reset();
        if (plan.write(struct, document)) {
          return document.toByteArray();
        }
      }
    }
    return json.fromConnectData(topic, schema, value);
  }

  private FlatStruct plan(Schema schema) {
    if (schema != newestSchema) {
      newestPlan = found(schema);
      newestSchema = schema;
    }
    return newestPlan;
  }

  private FlatStruct found(Schema schema) {
    Optional<FlatStruct> plan = plans.get(schema);
    if (plan == null) {
      if (plans.size() == MOST_PLANS) {
        plans.clear();
      }
      plan = Optional.ofNullable(FlatStruct.of(schema));
      plans.put(schema, plan);
    }
    return plan.orElse(null);
  }

  /** How many plans are kept. */
  int plans() {
    return plans.size();
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte[] value) {
    return json.toConnectData(topic, value);
  }
}
