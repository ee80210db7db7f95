package io.marketstream.feed.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.marketstream.model.GapCause;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;

class SourceCursorTest {

  private static final Map<String, Object> OFFSET =
      Map.of("session", 1_000L, "sequence", 7L, "received_at", 1_500L, "safe_until", 1_400L);

  private static Map<String, Object> with(String key, Object value) {
    Map<String, Object> offset = new HashMap<>(OFFSET);
    offset.put(key, value);
    return offset;
  }

  @Test
  void anOffsetReadsBackAsItWasWritten() {
    SourceCursor cursor = new SourceCursor(1_000, 7, 1_500, 1_400, null);
    assertThat(cursor.toOffset()).isEqualTo(OFFSET);
    assertThat(SourceCursor.fromOffset(OFFSET)).isEqualTo(cursor);

    SourceCursor open =
        new SourceCursor(
            1_000, -1, 1_500, 1_400, new SourceCursor.OpenGap(1_450, GapCause.STALLED, "silence"));
    assertThat(SourceCursor.fromOffset(open.toOffset())).isEqualTo(open);
  }

  @Test
  void integersOfAJsonParserAreRead() {
    assertThat(SourceCursor.fromOffset(with("sequence", 7)).sequence()).isEqualTo(7);
  }

  @Test
  void aWrongOffsetIsExplained() {
    Map<String, Object> missing = new HashMap<>(OFFSET);
    missing.remove("safe_until");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceCursor.fromOffset(missing))
        .withMessageContaining("'safe_until' must be a whole number");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceCursor.fromOffset(with("session", "x")))
        .withMessageContaining("'session' must be a whole number, not x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceCursor.fromOffset(with("sequence", -2L)))
        .withMessageContaining("'sequence' must be at least -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceCursor.fromOffset(with("offset", 1L)))
        .withMessageContaining("unknown key 'offset'");
    Map<String, Object> gap = with("gap_start", 1_450L);
    gap.put("gap_cause", "WEATHER");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceCursor.fromOffset(gap))
        .withMessageContaining("WEATHER");
  }

  @Test
  void aPartitionIsASourceAndASymbol() {
    assertThatCode(() -> SourceCursor.checkPartition(SourceCursor.partition("feed", "A")))
        .doesNotThrowAnyException();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceCursor.checkPartition(Map.of("source", "feed")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceCursor.checkPartition(Map.of("source", "feed", "symbol", 1)));
    assertThatIllegalArgumentException().isThrownBy(() -> SourceCursor.checkPartition(null));
  }

  /**
   * Connect stores an offset under the bytes of its partition. Keys in another order would be
   * another partition.
   */
  @Test
  void thePartitionHasItsKeysInOneOrderInEveryJvm() {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false"), true);
      assertThat(converter.fromConnectData("", null, SourceCursor.partition("finnhub", "AAPL")))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("{\"symbol\":\"AAPL\",\"source\":\"finnhub\"}");
    }
  }

  @Test
  void fieldsOfANewerVersionAreIgnored() {
    SourceCursor cursor =
        new SourceCursor(
            1_000,
            6,
            1_500,
            1_400,
            new SourceCursor.OpenGap(1_300, GapCause.STALLED, "x"),
            12,
            true,
            1_100_236_127L,
            "[]");
    Map<String, Object> newer = new HashMap<>(cursor.toOffset());
    newer.put("heard_until", 1L);
    assertThat(SourceCursor.fromStored(newer)).isEqualTo(cursor);
    assertThat(SourceCursor.fromOffset(cursor.toOffset())).isEqualTo(cursor);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SourceCursor.fromOffset(newer))
        .withMessageContaining("heard_until");

    newer.put("gap_cause", "OF_TOMORROW");
    assertThat(SourceCursor.fromStored(newer).openGap().gapStart()).isEqualTo(1_300);
  }
}
