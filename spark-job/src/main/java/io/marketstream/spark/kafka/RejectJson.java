package io.marketstream.spark.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.marketstream.model.Fields;
import io.marketstream.spark.record.Reject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes rejects as JSON, in the form of the connector's {@code RejectedInput} records: as
 * Connect's JsonConverter writes them without schemas.
 */
final class RejectJson {
  private static final JsonFactory JSON = new JsonFactory();

  private RejectJson() {}

  static byte[] of(Reject reject) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField(Fields.SOURCE, reject.source());
      json.writeStringField(Fields.REASON, reject.reason().name());
      json.writeStringField(Fields.DETAIL, reject.detail());
      json.writeStringField(Fields.INPUT, reject.input());
      if (reject.encoding() != null) {
        json.writeStringField(Fields.ENCODING, reject.encoding());
      }
      json.writeNumberField(Fields.RECEIVED_AT, reject.receivedAt());
      if (reject.session() == null) {
        json.writeNullField(Fields.SESSION);
      } else {
        json.writeNumberField(Fields.SESSION, reject.session());
      }
      json.writeStringField(Fields.ORIGIN, reject.at().origin());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory failed", impossible);
    }
    return bytes.toByteArray();
  }
}
