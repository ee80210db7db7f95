package io.marketstream.spark.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.Reject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The content of rejects. */
class RejectParsingTest extends ParserFixture {
  @Test
  void textThatIsNotOneJsonObjectIsRejected() {
    for (String text :
        List.of(
            "",
            "not json",
            "null",
            "42",
            "[]",
            "{\"a\":1",
            TICK + TICK,
            TICK + "x",
            TICK.substring(0, TICK.length() - 1),
            "[".repeat(10_000),
            "{\"a\":".repeat(10_000))) {
      assertRejected(text, RejectReason.INVALID_JSON, "");
    }
  }

  @Test
  void aTombstoneIsRejectedWithEmptyInput() {
    Reject reject = (Reject) parser.parse(AT, null, KAFKA_TIME);

    assertThat(reject.reason()).isEqualTo(RejectReason.TOMBSTONE);
    assertThat(reject.input()).isEmpty();
    assertThat(reject.at().origin()).isEqualTo("market_data-2-77");
  }

  @Test
  void aRejectHasWhatTheRecordContains() {
    Reject reject = (Reject) parse(TICK.replace("\"164.0601\"", "164.0601"));

    assertThat(reject.source()).isEqualTo("finnhub");
    assertThat(reject.receivedAt()).isEqualTo(1_763_900_000_050L);
    assertThat(reject.session()).isEqualTo(1_763_899_990_000L);
    assertThat(reject.input()).contains("164.0601");
  }

  @Test
  void anUnreadableRecordGetsKafkaTimeAndUnknownSource() {
    Reject reject = (Reject) parse("not json");

    assertThat(reject.source()).isEqualTo("unknown");
    assertThat(reject.receivedAt()).isEqualTo(KAFKA_TIME);
    assertThat(reject.session()).isNull();
  }

  @Test
  void theInputOfARejectIsCutBetweenTwoCharacters() {
    // 1 + 3n bytes: the limit of 65,536 falls into the middle of a character.
    String text = "x€".replace("€", "€".repeat(40_000));

    String input = ((Reject) parse(text)).input();

    byte[] kept = input.getBytes(StandardCharsets.UTF_8);
    assertThat(text).startsWith(input);
    assertThat(kept.length)
        .isBetween(RecordParser.MAX_INPUT_BYTES - 2, RecordParser.MAX_INPUT_BYTES);
  }

  @Test
  void readableTextIsKeptAsText() {
    Reject reject = (Reject) parse("not\r\n\tjson é€😀");

    assertThat(reject.input()).isEqualTo("not\r\n\tjson é€😀");
    assertThat(reject.encoding()).isNull();
  }

  @Test
  void aLongBinaryValueIsCut() {
    byte[] value = new byte[RecordParser.MAX_INPUT_BYTES + 1];

    Reject reject = reject(value);

    assertThat(Base64.getDecoder().decode(reject.input())).hasSize(RecordParser.MAX_INPUT_BYTES);
  }

  @Test
  void anUnexpectedFailureIsARejectWithItsOrigin() {
    for (Throwable defect : List.of(new IllegalStateException("boom"), new StackOverflowError())) {
      JsonObjectReader failing =
          new JsonObjectReader() {
            @Override
            void read(byte[] value, FieldHandler fields) {
              if (defect instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) defect;
            }
          };
      RecordParser broken = new RecordParser("market_data_gaps", 30_000, failing);

      Reject reject = (Reject) broken.parse(AT, TICK.getBytes(StandardCharsets.UTF_8), KAFKA_TIME);

      assertThat(reject.reason()).isEqualTo(RejectReason.INTERNAL_ERROR);
      assertThat(reject.detail()).isEqualTo(defect.toString());
      assertThat(reject.at()).isEqualTo(AT);
      assertThat(reject.input()).isEqualTo(TICK);
      assertThat(reject.receivedAt()).isEqualTo(KAFKA_TIME);
    }
  }
}
