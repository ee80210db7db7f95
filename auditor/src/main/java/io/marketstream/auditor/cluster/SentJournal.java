package io.marketstream.auditor.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.auditor.evidence.SentTick;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads a journal of the simulators: one JSON object per line. */
public final class SentJournal {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRADE_ID = "tradeId";

  private SentJournal() {}

  /**
   * The ticks of a journal by the {@code source} that the local pipeline gives to its feed, {@code
   * finnhub-sim} or {@code coincap-sim}. Trades with ids are left out: a feed repeats its newest
   * trade after a reconnect, and a connector that has it already gives it no number. The ids show
   * what is missing. A last line that is cut off is ignored, because the simulators may still be
   * writing.
   *
   * @throws IOException if the file cannot be read
   */
  public static Map<String, List<SentTick>> read(Path file) throws IOException {
    Map<String, List<SentTick>> bySource = new TreeMap<>();
    try (MappingIterator<JsonNode> lines =
        JSON.readerFor(JsonNode.class).readValues(file.toFile())) {
      while (lines.hasNextValue()) {
        JsonNode line = lines.nextValue();
        if (line.hasNonNull(TRADE_ID)) {
          continue;
        }
        SentTick tick = tick(line);
        bySource.computeIfAbsent(tick.source(), unseen -> new ArrayList<>()).add(tick);
      }
    } catch (com.fasterxml.jackson.core.io.JsonEOFException e) {
      return bySource;
    }
    return bySource;
  }

  private static SentTick tick(JsonNode line) {
    List<String> conditions = null;
    if (line.path("conditions").isArray()) {
      conditions = new ArrayList<>();
      for (JsonNode code : line.get("conditions")) {
        conditions.add(code.asText());
      }
    }
    return new SentTick(
        line.get("feed").asText() + "-sim",
        line.get("connection").asLong(),
        line.get("connectionOpenedAt").asLong(),
        line.get("symbol").asText(),
        line.get("price").asText(),
        line.path("volume").isTextual() ? line.get("volume").asText() : null,
        conditions,
        line.path("eventTimeMs").isIntegralNumber()
            ? (Long) line.get("eventTimeMs").asLong()
            : null,
        line.get("sequence").asLong(),
        line.get("writtenAt").asLong());
  }
}
