package io.marketstream.feed.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apicurio.registry.utils.converter.avro.AvroData;
import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.Heartbeat;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * A schema of the connectors as the files in schemas/: for Avro, for JSON, and for the setting
 * {@code schema.content} of Kafka's JSON converter.
 *
 * @param name the first part of the file names
 */
record PublishedSchema(String name, int version, Schema schema) {

  /** The folder of the files. */
  static final Path FOLDER = Path.of(System.getProperty("marketstream.root"), "schemas");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DefaultPrettyPrinter PRINTER =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  /** Returns the schemas of everything that a connector writes, the key first. */
  static List<PublishedSchema> all() {
    return List.of(
        new PublishedSchema("RecordKey", 1, Schema.STRING_SCHEMA),
        of(MarketTick.SCHEMA),
        of(FeedGap.SCHEMA),
        of(RejectedInput.SCHEMA),
        of(Heartbeat.SCHEMA));
  }

  static PublishedSchema of(Schema schema) {
    String fullName = schema.name();
    return new PublishedSchema(
        fullName.substring(fullName.lastIndexOf('.') + 1), schema.version(), schema);
  }

  /** Returns the content of each file by its name. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(avroFile(version), text(avro()));
    files.put(jsonFile(version), text(jsonSchema()));
    files.put(connectFile(version), text(connectSchema()));
    return files;
  }

  String avroFile(int ofVersion) {
    return name + ".v" + ofVersion + ".avsc";
  }

  String jsonFile(int ofVersion) {
    return name + ".v" + ofVersion + ".schema.json";
  }

  String connectFile(int ofVersion) {
    return name + ".v" + ofVersion + ".connect.json";
  }

  /** What the Avro converter registers. */
  private JsonNode avro() {
    return parse(new AvroData(1).fromConnectSchema(schema).toString());
  }

  /** What the JSON converter puts into an envelope. */
  private JsonNode connectSchema() {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of(), false);
      return converter.asJsonSchema(schema);
    }
  }

  private JsonNode jsonSchema() {
    ObjectNode root = JSON.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("$id", "urn:io.marketstream:" + name + ":" + version);
    root.put("title", schema.name() == null ? name : schema.name());
    return root.setAll(jsonType(schema));
  }

  private static ObjectNode jsonType(Schema schema) {
    ObjectNode node = JSON.createObjectNode();
    if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
      return type(node, schema, "integer").put("description", "milliseconds since 1970, UTC");
    }
    return switch (schema.type()) {
      case STRING -> type(node, schema, "string");
      case BOOLEAN -> type(node, schema, "boolean");
      case INT64 -> type(node, schema, "integer");
      case ARRAY -> type(node, schema, "array").set("items", jsonType(schema.valueSchema()));
      case STRUCT -> object(type(node, schema, "object"), schema);
      default ->
          throw new IllegalArgumentException("There is no rule yet for the type " + schema.type());
    };
  }

  private static ObjectNode type(ObjectNode node, Schema schema, String type) {
    if (schema.isOptional()) {
      node.putArray("type").add(type).add("null");
    } else {
      node.put("type", type);
    }
    return node;
  }

  /** Other fields are allowed: a later version may have more. */
  private static ObjectNode object(ObjectNode node, Schema schema) {
    ObjectNode properties = node.putObject("properties");
    ArrayNode required = node.putArray("required");
    for (Field field : schema.fields()) {
      properties.set(field.name(), jsonType(field.schema()));
      if (!field.schema().isOptional()) {
        required.add(field.name());
      }
    }
    return node;
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String text(JsonNode node) {
    try {
      return JSON.writer(PRINTER).writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public String toString() {
    return name + " v" + version;
  }
}
