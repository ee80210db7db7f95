package io.marketstream.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogSanitizerTest {

  private final LogSanitizer words = new LogSanitizer(text -> text.replace("s3cret", "***"));

  @Test
  void noLineBreakOrControlIsLeft() {
    assertThat(words.sanitize("bye\r\n2026-11-25 ERROR forged\u0007\u001b[31m\u0000red\ttab"))
        .isEqualTo("bye 2026-11-25 ERROR forged [31m red tab");
  }

  @Test
  void theSecretIsGoneBeforeTheTextIsCut() {
    assertThat(words.sanitize("x".repeat(298) + "s3cret"))
        .hasSize(301)
        .endsWith("x**…")
        .doesNotContain("s3");
  }

  @Test
  void aLineSeparatorOfUnicodeIsALineBreakToo() {
    assertThat(words.sanitize("a\u2028b\u2029c\u0085d")).isEqualTo("a b c d");
  }

  @Test
  void noCharacterIsCutInHalf() {
    assertThat(words.sanitize("x".repeat(299) + "\uD83D\uDE00y")).isEqualTo("x".repeat(299) + "…");
  }
}
