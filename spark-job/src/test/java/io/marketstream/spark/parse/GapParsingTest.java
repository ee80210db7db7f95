package io.marketstream.spark.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.Gap;
import io.marketstream.spark.record.Reject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing of gaps: their fields and limits. */
class GapParsingTest extends ParserFixture {
  @Test
  void aClosedGapKeepsEveryField() {
    assertThat(parseGap(GAP))
        .isEqualTo(
            new Gap(
                GAP_AT,
                "finnhub",
                "AAPL",
                "CONNECTION_LOST",
                1_763_900_002_000L,
                1_763_900_009_000L,
                1_763_899_990_000L,
                1_763_900_009_000L,
                4,
                7L,
                "connection reset"));
  }

  @Test
  void aRepairedGapKeepsItsIds() {
    Gap gap =
        (Gap)
            parseGap(
                GAP.replace(
                    "\"detail\"",
                    "\"first_missing_id\":\"11\",\"last_missing_id\":\"19\","
                        + "\"repaired_at\":1763900010000,\"detail\""));

    assertThat(gap.firstMissingId()).isEqualTo("11");
    assertThat(gap.lastMissingId()).isEqualTo("19");
    assertThat(gap.repairedAt()).isEqualTo(1_763_900_010_000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"first_missing_id\":11     | WRONG_TYPE       | first_missing_id",
        "\"last_missing_id\":19      | WRONG_TYPE       | last_missing_id",
        "\"repaired_at\":\"\"        | WRONG_TYPE       | repaired_at",
        "\"repaired_at\":1           | IMPLAUSIBLE_TIME | repaired_at",
      })
  void wrongIdsOfAGapAreRejected(String field, RejectReason reason, String detail) {
    Reject reject = (Reject) parseGap(GAP.replace("\"detail\"", field + ",\"detail\""));

    assertThat(reject.reason()).isEqualTo(reason);
    assertThat(reject.detail()).contains(detail);
  }

  @Test
  void anOpenGapHasNoEnd() {
    Gap gap =
        (Gap)
            parseGap(
                """
                {"source":"coincap","symbol":"*","cause":"STALLED","gap_start":1763900002000,\
                "gap_end":null,"session_before":1763899990000,"first_missing":0,"detail":"silent"}""");

    assertThat(gap.gapEnd()).isNull();
    assertThat(gap.sessionAfter()).isNull();
    assertThat(gap.dropped()).isNull();
    assertThat(gap.symbol()).isEqualTo("*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "source",
        "symbol",
        "cause",
        "gap_start",
        "session_before",
        "first_missing",
      })
  void aGapWithoutARequiredFieldIsRejected(String field) {
    Reject reject = (Reject) parseGap(GAP.replace("\"" + field + "\"", "\"was_" + field + "\""));

    assertThat(reject.reason()).isEqualTo(RejectReason.MISSING_FIELD);
    assertThat(reject.detail()).contains(field);
  }

  @Test
  void theDetailOfAGapIsCut() {
    Gap gap = (Gap) parseGap(GAP.replace("connection reset", "😀".repeat(1_000_000)));

    assertThat(gap.detail()).isEqualTo("😀".repeat(4096));
  }
}
