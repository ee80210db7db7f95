package io.marketstream.spark.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.marketstream.spark.record.Reject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Rejects as records of the shape {@code RejectedInput}, as Connect's JsonConverter writes them
 * without schemas.
 */
final class RejectJson {
  private static final JsonFactory JSON = new JsonFactory();

  private RejectJson() {}

  static byte[] of(Reject reject) {
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
