package io.marketstream.spark.progress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Parses and compares offsets by partition, named like {@code market_data-0}. */
public final class PartitionOffsets {
  private static final JsonFactory JSON = new JsonFactory();

  private PartitionOffsets() {}

  /**
   * Parses the offsets of Spark's Kafka source: {@code {"topic":{"0":1234}}}.
   *
   * @param json null if Spark has none
   * @return empty if there is none or it has another form
   */
  public static Optional<Map<String, Long>> read(@Nullable String json) {
    if (json == null) {
      return Optional.empty();
    }
    try (JsonParser parser = JSON.createParser(json)) {
      return Optional.of(topics(parser));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Map<String, Long> topics(JsonParser parser) throws IOException {
    Map<String, Long> offsets = new TreeMap<>();
    require(parser, parser.nextToken(), JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String topic = parser.getCurrentName();
      require(parser, parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String partition = parser.getCurrentName();
        require(parser, parser.nextToken(), JsonToken.VALUE_NUMBER_INT);
        offsets.put(topic + "-" + partition, parser.getLongValue());
      }
    }
    require(parser, parser.currentToken(), JsonToken.END_OBJECT);
    return offsets;
  }

  private static void require(JsonParser parser, JsonToken found, JsonToken expected)
      throws IOException {
    if (found != expected) {
      throw new IOException(found + " and not " + expected + " at " + parser.getTokenLocation());
    }
  }

  /** Returns whether the next offsets have reached the end of every partition. */
  static boolean reach(Map<String, Long> next, Map<String, Long> latest) {
    return latest.entrySet().stream()
        .allMatch(end -> next.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }
}
