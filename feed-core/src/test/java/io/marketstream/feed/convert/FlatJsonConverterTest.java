package io.marketstream.feed.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.feed.record.FeedGap;
import io.marketstream.feed.record.Heartbeat;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.feed.record.RejectedInput;
import io.marketstream.model.GapCause;
import io.marketstream.model.RejectReason;
import io.marketstream.model.TickKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Test;

/** Compares its bytes and errors with those of Kafka's converter. */
class FlatJsonConverterTest {
  private static final long SEED = Long.getLong("marketstream.seed", 20261129L);
  private static final int STRUCTS = 20_000;
  private static final Map<String, ?> WITHOUT_SCHEMAS = Map.of("schemas.enable", "false");

  private static final List<String> STRUCT_NAMES =
      List.of(
          "io.example.Anything",
          Timestamp.LOGICAL_NAME,
          Decimal.LOGICAL_NAME,
          Time.LOGICAL_NAME,
          org.apache.kafka.connect.data.Date.LOGICAL_NAME);

  private final Random random = new Random(SEED);
  private final JsonConverter kafkas = new JsonConverter();
  private final CountingConverter behind = new CountingConverter();
  private final FlatJsonConverter ours = new FlatJsonConverter(behind);

  /** Counts the records that are not written in one pass. */
  private static final class CountingConverter extends JsonConverter {
    private int records;

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
      records++;
      return super.fromConnectData(topic, schema, value);
    }
  }

  FlatJsonConverterTest() {
    System.out.println("FlatJsonConverterTest seed " + SEED);
    configure(WITHOUT_SCHEMAS);
  }

  private void configure(Map<String, ?> settings) {
    kafkas.configure(settings, false);
    ours.configure(settings, false);
  }

  @Test
  void ourRecordsAreWrittenInOnePass() {
    MarketTick tick = tick("BINANCE:BTCUSDT", "0.00008", null);
    assertThat(json(MarketTick.SCHEMA, tick.toStruct()))
        .isEqualTo(
            "{\"source\":\"finnhub\",\"kind\":\"trade\",\"symbol\":\"BINANCE:BTCUSDT\","
                + "\"price\":\"66972.77\",\"volume\":\"0.00008\",\"conditions\":null,"
                + "\"event_time\":1700000000123,\"received_at\":1700000000456,"
                + "\"session\":1700000000001,\"sequence\":0,"
                + "\"trade_id\":null,\"side\":null,\"origin\":null}");
    assertSame(MarketTick.SCHEMA, tick("AAPL", null, List.of("1", "12")).toStruct());
    assertSame(MarketTick.SCHEMA, tick("Ärger \"€\"\n", "1", List.of()).toStruct());
    FeedGap open =
        new FeedGap("finnhub", "*", GapCause.CONNECTION_LOST, 5, null, 4, null, 0, null, "");
    assertSame(FeedGap.SCHEMA, open.toStruct());
    assertSame(FeedGap.SCHEMA, open.closed(9, 8).missing("1100236127", "1100236130").toStruct());
    assertSame(
        RejectedInput.SCHEMA,
        new RejectedInput("finnhub", RejectReason.UNKNOWN_TYPE, "no JSON", "\u0000<html>", 7, 6L)
            .toStruct());
    assertThat(behind.records).isZero();
  }

  private static MarketTick tick(String symbol, String volume, List<String> conditions) {
    return new MarketTick(
        "finnhub",
        TickKind.TRADE,
        symbol,
        "66972.77",
        volume,
        conditions,
        1_700_000_000_123L,
        1_700_000_000_456L,
        1_700_000_000_001L,
        0);
  }

  @Test
  void anyStructBecomesTheSameBytesOrTheSameError() {
    for (int i = 0; i < STRUCTS; i++) {
      Schema schema = schema(0);
      assertSame(schema, struct(schema, 100));
    }
    assertThat(behind.records)
        .as("both converters were used")
        .isBetween(STRUCTS / 10, STRUCTS * 9 / 10);
  }

  /** Connect passes on the result of a transformation even if it does not fit the schema. */
  @Test
  void structOfAnotherSchemaIsRefused() {
    Schema one = SchemaBuilder.struct().field("a", Schema.STRING_SCHEMA).build();
    Schema equal = SchemaBuilder.struct().field("a", Schema.STRING_SCHEMA).build();
    Schema other = SchemaBuilder.struct().field("b", Schema.STRING_SCHEMA).build();
    Struct struct = new Struct(one).put("a", "x");
    assertSame(equal, struct);
    assertSame(other, struct);
    assertThatThrownBy(() -> ours.fromConnectData("topic", other, struct))
        .isInstanceOf(DataException.class);
  }

  @Test
  void valuesOtherThanStructsGoToKafkasConverter() {
    assertSame(null, Map.of("a", 1));
    assertSame(null, null);
    assertSame(Schema.OPTIONAL_STRING_SCHEMA, null);
    assertSame(Schema.STRING_SCHEMA, "text");
    assertSame(null, new Struct(MarketTick.SCHEMA));
    assertThat(behind.records).isEqualTo(5);
  }

  @Test
  void schemasAreWrittenIfEnabled() {
    configure(Map.of("schemas.enable", " True "));
    assertSame(MarketTick.SCHEMA, tick("AAPL", "5", null).toStruct());
    assertThat(json(MarketTick.SCHEMA, tick("AAPL", "5", null).toStruct()))
        .startsWith("{\"schema\":{");
  }

  @Test
  void schemasAreOffWithoutASetting() {
    ours.configure(Map.of(), false);
    assertThat(json(Heartbeat.SCHEMA, new Struct(Heartbeat.SCHEMA)))
        .startsWith("org.apache.kafka.connect.errors.DataException");
    assertThat(json(MarketTick.SCHEMA, tick("AAPL", "5", null).toStruct()))
        .startsWith("{\"source\":");
  }

  @Test
  void itReadsAsKafkasConverterReads() {
    byte[] json = "{\"a\":[1,2.5,null]}".getBytes(StandardCharsets.UTF_8);
    assertThat(ours.toConnectData("topic", json)).isEqualTo(kafkas.toConnectData("topic", json));
  }

  @Test
  void aSchemaForEachRecordIsNotKept() {
    for (int i = 0; i < 1000; i++) {
      Schema schema = SchemaBuilder.struct().field("a" + i, Schema.INT64_SCHEMA).build();
      assertSame(schema, new Struct(schema).put("a" + i, random.nextLong()));
    }
    assertThat(ours.cachedWriters()).isLessThanOrEqualTo(32);
  }

  /** Valid but unusual schemas. */
  @Test
  void unusualSchemasGoToKafkasConverter() {
    Schema untyped =
        SchemaBuilder.struct().field("a", new SchemaBuilder(Schema.Type.ARRAY).optional()).build();
    assertSame(untyped, new Struct(untyped));
    Schema twice =
        new ConnectSchema(
            Schema.Type.STRUCT,
            false,
            null,
            null,
            null,
            null,
            null,
            List.of(
                new Field("a", 0, Schema.STRING_SCHEMA), new Field("a", 1, Schema.INT32_SCHEMA)),
            null,
            null);
    assertSame(twice, new Struct(twice).put(twice.fields().get(0), "x"));
    SchemaBuilder open = SchemaBuilder.struct().field("a", Schema.INT32_SCHEMA);
    assertSame(open, new Struct(open).put("a", 1));
    open.field("b", Schema.INT32_SCHEMA);
    assertSame(open, new Struct(open).put("a", 1).put("b", 2));
    assertThat(behind.records).isEqualTo(4);
  }

  @Test
  void aLongTextIsWrittenToo() {
    Schema schema = SchemaBuilder.struct().field("a", Schema.STRING_SCHEMA).build();
    assertSame(schema, new Struct(schema).put("a", "\u0001".repeat(1 << 20)));
    assertSame(schema, new Struct(schema).put("a", "x".repeat((1 << 20) + 1)));
    assertThat(behind.records).isEqualTo(1);
  }

  @Test
  void itsSettingsAreKafkasExceptForOneDefault() {
    assertThat(ours.config().names()).isEqualTo(kafkas.config().names());
    Map<String, Object> defaults = new java.util.HashMap<>(kafkas.config().defaultValues());
    defaults.put("schemas.enable", false);
    assertThat(ours.config().defaultValues()).isEqualTo(defaults);
  }

  @Test
  void connectFindsItInThePlugin() {
    assertThat(ServiceLoader.load(Converter.class).stream().map(ServiceLoader.Provider::type))
        .contains(FlatJsonConverter.class);
    assertThat(ours.version()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
  }

  private void assertSame(Schema schema, Object value) {
    assertThat(result(ours, schema, value))
        .as("seed %d, %s", SEED, value)
        .isEqualTo(result(kafkas, schema, value));
  }

  private String json(Schema schema, Object value) {
    return result(ours, schema, value);
  }

  /** Returns the bytes as characters, or the error. */
  private static String result(Converter converter, Schema schema, Object value) {
    try {
      byte[] bytes = converter.fromConnectData("topic", schema, value);
      return bytes == null ? "null" : new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (DataException e) {
      return e.toString();
    }
  }

  private Schema schema(int depth) {
    SchemaBuilder schema = SchemaBuilder.struct();
    if (random.nextInt(10) == 0) {
      schema.name(STRUCT_NAMES.get(depth == 0 ? random.nextInt(STRUCT_NAMES.size()) : 0));
    }
    int fields = random.nextInt(6);
    for (int i = 0; i < fields; i++) {
      schema.field(i + text(), fieldSchema(depth));
    }
    return schema.build();
  }

  private Schema fieldSchema(int depth) {
    int unusual = random.nextInt(30);
    SchemaBuilder schema =
        switch (unusual) {
          case 0 -> SchemaBuilder.float64();
          case 1 -> Decimal.builder(2);
          case 2 -> Time.builder();
          case 3 -> SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA);
          case 4 -> SchemaBuilder.array(Schema.INT64_SCHEMA);
          case 5 -> SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA);
          case 6 -> SchemaBuilder.bytes();
          case 7 -> SchemaBuilder.string().defaultValue("instead");
          case 8 -> SchemaBuilder.int64().defaultValue(8L).optional();
          case 9 -> SchemaBuilder.string().name("io.example.Text");
          case 10 -> SchemaBuilder.array(SchemaBuilder.string().defaultValue("x").build());
          default -> usualSchema();
        };
    if (depth == 0 && unusual == 11) {
      return schema(1);
    }
    return random.nextBoolean() ? schema.optional().build() : schema.build();
  }

  private SchemaBuilder usualSchema() {
    return switch (random.nextInt(6)) {
      case 0 -> SchemaBuilder.int64();
      case 1 -> SchemaBuilder.int32();
      case 2 -> SchemaBuilder.bool();
      case 3 -> Timestamp.builder();
      case 4 -> SchemaBuilder.array(Schema.STRING_SCHEMA);
      default -> SchemaBuilder.string();
    };
  }

  /**
   * @param complete one in so many required fields is left out, an error that both must report.
   *     Zero for none
   */
  private Struct struct(Schema schema, int complete) {
    Struct struct = new Struct(schema);
    for (Field field : schema.fields()) {
      int leftOut = field.schema().isOptional() ? 3 : complete;
      if (leftOut == 0 || random.nextInt(leftOut) > 0) {
        struct.put(field, value(field.schema()));
      }
    }
    return struct;
  }

  @SuppressWarnings("JavaUtilDate") // Connect's type of a timestamp
  private Object value(Schema schema) {
    if (Decimal.LOGICAL_NAME.equals(schema.name())) {
      return BigDecimal.valueOf(random.nextInt(), 2);
    }
    if (Time.LOGICAL_NAME.equals(schema.name())) {
      return new Date(random.nextInt(86_400_000));
    }
    if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
      return new Date(number());
    }
    return switch (schema.type()) {
      case INT64 -> number();
      case INT32 -> (int) number();
      case FLOAT64 -> random.nextGaussian();
      case BOOLEAN -> random.nextBoolean();
      case BYTES -> new byte[] {1, 2, (byte) random.nextInt()};
      case MAP -> Map.of(text(), random.nextInt());
      case STRUCT -> struct(schema, 0);
      case ARRAY -> values(schema.valueSchema());
      default -> text();
    };
  }

  private List<Object> values(Schema schema) {
    List<Object> values = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(schema.isOptional() && random.nextBoolean() ? null : value(schema));
    }
    return values;
  }

  /** Returns a number with any count of digits, or an end of the range. */
  private long number() {
    return switch (random.nextInt(8)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> random.nextInt(2000) - 1000;
      case 3 -> (long) Math.pow(10, random.nextInt(19)) - random.nextInt(2);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int ceiling =
        switch (random.nextInt(40)) {
          case 0 -> Character.MAX_VALUE; // surrogates, also without their counterpart
          case 1, 2, 3, 4, 5 -> 0xD800;
          case 6, 7, 8, 9 -> 0x1000;
          default -> 0x80;
        };
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append((char) random.nextInt(ceiling + 1));
    }
    if (random.nextInt(60) == 0) {
      text.appendCodePoint(0x1F4C8);
    }
    return random.nextInt(500) == 0 ? text.toString().repeat(1000) : text.toString();
  }
}
