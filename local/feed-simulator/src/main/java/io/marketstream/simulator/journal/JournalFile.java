package io.marketstream.simulator.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A journal on disk: one JSON object per line, with the keys of {@link SentTick}. A tick without a
 * trade id lacks that key. One or more simulators write to it. Lines are complete once {@link
 * #flush()} or {@link #close()} has returned. Thread-safe.
 */
public final class JournalFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;

  private final JsonGenerator json;

  /**
   * Creates the file, or replaces it.
   *
   * @throws IOException if it cannot be written
   */
  public JournalFile(Path path) throws IOException {
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), BUFFER_BYTES);
    json = new JsonFactory().createGenerator(out);
    json.setPrettyPrinter(new MinimalPrettyPrinter(""));
  }

  public synchronized void append(SentTick tick) throws IOException {
    json.writeStartObject();
    json.writeStringField("feed", tick.feed().wireName());
    json.writeNumberField("connection", tick.connection());
    json.writeNumberField("connectionOpenedAt", tick.connectionOpenedAt());
    json.writeStringField("symbol", tick.symbol());
    json.writeStringField("price", tick.price());
    json.writeStringField("volume", tick.volume());
    json.writeFieldName("conditions");
    if (tick.conditions() == null) {
      json.writeNull();
    } else {
      json.writeStartArray();
      for (String condition : tick.conditions()) {
        json.writeString(condition);
      }
      json.writeEndArray();
    }
    json.writeFieldName("eventTimeMs");
    if (tick.eventTimeMs() == null) {
      json.writeNull();
    } else {
      json.writeNumber(tick.eventTimeMs());
    }
    if (tick.tradeId() != null) {
      json.writeNumberField("tradeId", tick.tradeId());
    }
    json.writeNumberField("sequence", tick.sequence());
    json.writeNumberField("index", tick.index());
    json.writeNumberField("writtenAt", tick.writtenAt());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Writes buffered ticks to the file. */
  public synchronized void flush() throws IOException {
    json.flush();
  }

  @Override
  public synchronized void close() throws IOException {
    json.close();
  }
}
