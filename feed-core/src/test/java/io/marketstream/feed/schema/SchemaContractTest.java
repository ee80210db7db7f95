package io.marketstream.feed.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.apicurio.registry.serde.avro.NonRecordContainer;
import io.apicurio.registry.utils.converter.avro.AvroData;
import io.marketstream.feed.convert.FlatJsonConverter;
import io.marketstream.feed.record.MarketTick;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.AvroTypeException;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A reader that has only the files in schemas/ understands the records of today's connectors, and
 * those of every other published version.
 */
class SchemaContractTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each schema of the code, with each of its published versions. */
  record Published(PublishedSchema written, int version) {
    org.apache.avro.Schema avro() throws IOException {
      return parseAvro(content(written.avroFile(version)));
    }

    JsonSchema json() throws IOException {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(content(written.jsonFile(version)));
    }

    String connect() throws IOException {
      return content(written.connectFile(version));
    }

    private static String content(String file) throws IOException {
      return Files.readString(PublishedSchema.FOLDER.resolve(file));
    }

    List<Object> samples() {
      return List.of(
          SampleStruct.full(written.schema()),
          written.schema().type() == Schema.Type.STRUCT
              ? SampleStruct.sparse(written.schema())
              : "");
    }

    @Override
    public String toString() {
      return written + " with the files of v" + version;
    }
  }

  static Stream<Published> published() {
    return PublishedSchema.all().stream()
        .flatMap(
            schema ->
                Stream.iterate(1, version -> version <= schema.version(), version -> version + 1)
                    .map(version -> new Published(schema, version)));
  }

  private static Published newest(String name) {
    return published()
        .filter(each -> each.written().name().equals(name))
        .reduce((older, newer) -> newer)
        .orElseThrow();
  }

  static Stream<Published> publishedStructs() {
    return published().filter(each -> each.written().schema().type() == Schema.Type.STRUCT);
  }

  private static org.apache.avro.Schema parseAvro(String text) {
    return new org.apache.avro.Schema.Parser().parse(text);
  }

  private static org.apache.avro.Schema ofCode(PublishedSchema schema) {
    return parseAvro(schema.files().get(schema.avroFile(schema.version())));
  }

  private static byte[] binary(org.apache.avro.Schema writer, Object value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(writer).write(value, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** The converter wraps values that are not records, for its serializer to unwrap. */
  private static Object plain(Object value) {
    return value instanceof NonRecordContainer<?> container ? container.getValue() : value;
  }

  private static Object read(
      org.apache.avro.Schema writer, org.apache.avro.Schema reader, byte[] bytes)
      throws IOException {
    return new GenericDatumReader<>(writer, reader)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  @Nested
  class Avro {
    private final AvroData converter = new AvroData(10);

    @ParameterizedTest
    @MethodSource("io.marketstream.feed.schema.SchemaContractTest#published")
    void recordOfTheConverterIsReadableWithTheFile(Published published) throws IOException {
      Schema schema = published.written().schema();
      org.apache.avro.Schema writer = converter.fromConnectSchema(schema);
      for (Object sample : published.samples()) {
        byte[] bytes = binary(writer, plain(converter.fromConnectData(schema, sample)));

        Object read = read(writer, published.avro(), bytes);

        SchemaAndValue back = new AvroData(10).toConnectData(published.avro(), read);
        if (published.version() == published.written().version()) {
          assertThat(back).isEqualTo(new SchemaAndValue(schema, sample));
        } else {
          assertThat(back.schema().version()).isEqualTo(published.version());
        }
      }
    }

    @ParameterizedTest
    @MethodSource("io.marketstream.feed.schema.SchemaContractTest#published")
    void versionsReadEachOther(Published published) throws IOException {
      org.apache.avro.Schema newest = ofCode(published.written());

      assertThat(compatibility(newest, published.avro()))
          .as("the newest version reads records of this one")
          .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
      assertThat(compatibility(published.avro(), newest))
          .as("this version reads records of the newest one")
          .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @Test
    void fileOfTheGapsDoesNotReadTicks() throws IOException {
      Published tick = newest("MarketTick");
      Published gap = newest("FeedGap");
      org.apache.avro.Schema writer = tick.avro();
      byte[] bytes =
          binary(writer, converter.fromConnectData(tick.written().schema(), tick.samples().get(0)));

      assertThatThrownBy(() -> read(writer, gap.avro(), bytes))
          .isInstanceOf(AvroTypeException.class);
    }

    @Test
    void decimalsAreTextAndTimesAreMilliseconds() throws IOException {
      org.apache.avro.Schema tick = newest("MarketTick").avro();

      assertThat(tick.getFullName()).isEqualTo("io.marketstream.MarketTick");
      assertThat(tick.getField("price").schema().getType())
          .isEqualTo(org.apache.avro.Schema.Type.STRING);
      assertThat(tick.getField("event_time").schema().getLogicalType().getName())
          .isEqualTo("timestamp-millis");
      assertThat(tick.getField("volume").defaultVal())
          .isEqualTo(org.apache.avro.JsonProperties.NULL_VALUE);
    }
  }

  private static SchemaCompatibilityType compatibility(
      org.apache.avro.Schema reader, org.apache.avro.Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
  }

  @Nested
  class Json {

    @ParameterizedTest
    @MethodSource("io.marketstream.feed.schema.SchemaContractTest#published")
    void recordsOfBothConvertersAreValid(Published published) throws IOException {
      for (Object sample : published.samples()) {
        for (Converter converter : List.of(new JsonConverter(), new FlatJsonConverter())) {
          JsonNode record = JSON.readTree(withoutEnvelope(converter, published, sample));
          assertThat(published.json().validate(record)).isEmpty();
        }
      }
    }

    @ParameterizedTest
    @MethodSource("io.marketstream.feed.schema.SchemaContractTest#publishedStructs")
    void requiredFieldThatIsMissingOrOfAnotherTypeIsInvalid(Published published)
        throws IOException {
      JsonSchema file = published.json();
      byte[] bytes = withoutEnvelope(new JsonConverter(), published, published.samples().get(0));
      for (Field field : published.written().schema().fields()) {
        ObjectNode record = (ObjectNode) JSON.readTree(bytes);
        boolean known = file.getSchemaNode().get("properties").has(field.name());

        record.putObject(field.name());
        assertThat(messages(file.validate(record))).hasSize(known ? 1 : 0);
        record.putNull(field.name());
        assertThat(messages(file.validate(record)))
            .as("%s is null", field.name())
            .hasSize(field.schema().isOptional() ? 0 : 1);
        record.remove(field.name());
        assertThat(messages(file.validate(record)))
            .as("without %s", field.name())
            .hasSize(field.schema().isOptional() ? 0 : 1);
      }
    }

    private static List<String> messages(Set<ValidationMessage> findings) {
      return findings.stream().map(ValidationMessage::getMessage).toList();
    }

    @Test
    void priceAsNumberAndEnvelopeAreInvalid() throws IOException {
      Published tick = newest("MarketTick");
      ObjectNode record =
          (ObjectNode)
              JSON.readTree(withoutEnvelope(new JsonConverter(), tick, tick.samples().get(0)));
      record.put("price", 164.06);
      assertThat(messages(tick.json().validate(record)))
          .hasSize(1)
          .first()
          .asString()
          .contains("price");

      JsonConverter withEnvelope = new JsonConverter();
      withEnvelope.configure(Map.of("schemas.enable", true), false);
      byte[] bytes =
          withEnvelope.fromConnectData("ticks", tick.written().schema(), tick.samples().get(0));
      assertThat(tick.json().validate(JSON.readTree(bytes))).isNotEmpty();
    }
  }

  private static byte[] withoutEnvelope(Converter converter, Published published, Object value) {
    converter.configure(Map.of("schemas.enable", false), false);
    return converter.fromConnectData("topic", published.written().schema(), value);
  }

  /** KIP-1054, Kafka 4.2 and newer. */
  @Nested
  class SchemaContent {

    @ParameterizedTest
    @MethodSource("io.marketstream.feed.schema.SchemaContractTest#published")
    void fileGivesJsonWithoutEnvelopeItsSchema(Published published) throws IOException {
      Schema schema = published.written().schema();
      JsonConverter reader = new JsonConverter();
      reader.configure(
          Map.of("schemas.enable", true, "schema.content", published.connect()), false);
      for (Object sample : published.samples()) {
        byte[] record = withoutEnvelope(new FlatJsonConverter(), published, sample);

        SchemaAndValue read = reader.toConnectData("topic", record);

        if (published.version() == published.written().version()) {
          assertThat(read).isEqualTo(new SchemaAndValue(schema, sample));
        } else {
          assertThat(read.schema().version()).isEqualTo(published.version());
        }
      }
    }

    @Test
    void withoutTheFileTheRecordHasNoSchemaOrIsRefused() {
      Published tick = newest("MarketTick");
      byte[] record = withoutEnvelope(new FlatJsonConverter(), tick, tick.samples().get(0));
      JsonConverter reader = new JsonConverter();
      reader.configure(Map.of("schemas.enable", false), false);
      assertThat(reader.toConnectData("topic", record).schema()).isNull();
      reader.configure(Map.of("schemas.enable", true), false);
      assertThatThrownBy(() -> reader.toConnectData("topic", record))
          .hasMessageContaining("schemas.enable");
    }
  }

  /** What the next version may and may not do. */
  @Nested
  class NextVersion {

    private static PublishedSchema next(Schema added) {
      SchemaBuilder builder =
          SchemaBuilder.struct()
              .name(MarketTick.SCHEMA.name())
              .version(MarketTick.SCHEMA.version() + 1);
      MarketTick.SCHEMA.fields().forEach(field -> builder.field(field.name(), field.schema()));
      return PublishedSchema.of(builder.field("added", added).build());
    }

    private static List<SchemaCompatibilityType> bothWays(PublishedSchema next) {
      org.apache.avro.Schema today = ofCode(PublishedSchema.of(MarketTick.SCHEMA));
      org.apache.avro.Schema tomorrow = ofCode(next);
      return List.of(compatibility(tomorrow, today), compatibility(today, tomorrow));
    }

    @Test
    void optionalFieldGetsFilesOfItsOwnThatReadOldRecords() {
      PublishedSchema next = next(Schema.OPTIONAL_STRING_SCHEMA);
      int version = MarketTick.SCHEMA.version() + 1;

      assertThat(new ArrayList<>(next.files().keySet()))
          .containsExactly(
              "MarketTick.v" + version + ".avsc",
              "MarketTick.v" + version + ".schema.json",
              "MarketTick.v" + version + ".connect.json");
      assertThat(bothWays(next)).containsOnly(SchemaCompatibilityType.COMPATIBLE);
    }

    @Test
    void requiredFieldWouldBreakReaders() {
      assertThat(bothWays(next(Schema.STRING_SCHEMA)))
          .containsExactly(
              SchemaCompatibilityType.INCOMPATIBLE, SchemaCompatibilityType.COMPATIBLE);
    }
  }
}
