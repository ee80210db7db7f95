package io.marketstream.feed.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.model.RejectReason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RejectedInputTest {

  private static String kept(String input) {
    return new RejectedInput("feed", RejectReason.INVALID_JSON, "x", input, 0, null).input();
  }

  @Test
  void anInputThatFitsIsKeptWhole() {
    String text = "x".repeat(RejectedInput.MAX_INPUT_BYTES);
    assertThat(kept(text)).isEqualTo(text);
    assertThat(kept("")).isEmpty();
  }

  @Test
  void aLongerOneIsCutAt64KiBOfUtf8() {
    assertThat(kept("x".repeat(RejectedInput.MAX_INPUT_BYTES + 1)))
        .hasSize(RejectedInput.MAX_INPUT_BYTES);
    assertThat(kept("€".repeat(100_000)).getBytes(StandardCharsets.UTF_8))
        .hasSizeBetween(RejectedInput.MAX_INPUT_BYTES - 2, RejectedInput.MAX_INPUT_BYTES);
  }

  @Test
  void theCutNeverSplitsACharacter() {
    String kept = kept("a" + "😀".repeat(50_000));
    assertThat(Character.isHighSurrogate(kept.charAt(kept.length() - 1))).isFalse();
    assertThat(kept.getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(RejectedInput.MAX_INPUT_BYTES);
  }

  @Test
  void aDetailThatQuotesTheInputCannotGrowTheRecord() {
    RejectedInput rejected =
        new RejectedInput("feed", RejectReason.FEED_ERROR, "x".repeat(1_000_000), "", 0, null);
    assertThat(rejected.detail()).hasSize(1_024);
  }
}
