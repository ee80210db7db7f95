package io.marketstream.spark.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.model.RejectReason;
import io.marketstream.spark.record.RecordPosition;
import io.marketstream.spark.record.Reject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RejectJsonTest {
  private static final RecordPosition AT = new RecordPosition("market_data", 2, 77);

  @Test
  void aRejectIsARejectedInput() throws IOException {
    byte[] json =
        RejectJson.of(
            new Reject(
                AT,
                "finnhub",
                RejectReason.WRONG_TYPE,
                "price is …",
                "{\"a\":\"\n\u0000€\"}",
                null,
                5,
                7L));

    assertThat(new ObjectMapper().readTree(json))
        .isEqualTo(
            new ObjectMapper()
                .createObjectNode()
                .put("source", "finnhub")
                .put("reason", "WRONG_TYPE")
                .put("detail", "price is …")
                .put("input", "{\"a\":\"\n\u0000€\"}")
                .put("received_at", 5)
                .put("session", 7)
                .put("origin", "market_data-2-77"));
  }

  @Test
  void anUnknownSessionIsNull() throws IOException {
    Reject reject = new Reject(AT, "unknown", RejectReason.TOMBSTONE, "null", "", null, 5, null);

    assertThat(new ObjectMapper().readTree(RejectJson.of(reject)).get("session").isNull()).isTrue();
  }

  @Test
  void theEncodingOfABinaryInputIsNamed() throws IOException {
    Reject reject =
        new Reject(AT, "unknown", RejectReason.INVALID_JSON, "binary", "AAEC", "base64", 5, null);

    assertThat(new ObjectMapper().readTree(RejectJson.of(reject)).get("encoding").asText())
        .isEqualTo("base64");
  }

  @Test
  void halfASurrogatePairInTheDetailIsNoFailure() {
    Reject reject =
        new Reject(AT, "unknown", RejectReason.INVALID_DECIMAL, "\ud83d…", "", null, 5, null);

    assertThat(RejectJson.of(reject)).isNotEmpty();
  }
}
