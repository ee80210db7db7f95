package io.marketstream.feed.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {

  private static final String SECRET = "c9/p7+Zq2é\"Lw8vT5xKd3=mRb6";

  private final SecretMask mask = new SecretMask(SECRET);

  static Stream<Arguments> spellings() {
    byte[] utf8 = SECRET.getBytes(StandardCharsets.UTF_8);
    String hex = HexFormat.of().formatHex(utf8);
    String json = SECRET.replace("\"", "\\\"");
    StringBuilder unicode = new StringBuilder();
    SECRET.chars().forEach(c -> unicode.append(String.format("\\u%04x", c)));
    return Stream.of(
        Arguments.of("plain", SECRET),
        Arguments.of("URL-encoded", URLEncoder.encode(SECRET, StandardCharsets.UTF_8)),
        Arguments.of(
            "URL-encoded in lower case",
            URLEncoder.encode(SECRET, StandardCharsets.UTF_8).replace("%2F", "%2f")),
        Arguments.of("in JSON", json),
        Arguments.of("in JSON with its slash escaped", json.replace("/", "\\/")),
        Arguments.of("in JSON, each character escaped", unicode.toString()),
        Arguments.of("in JSON in JSON", json.replace("\\", "\\\\").replace("/", "\\\\/")),
        Arguments.of("hex", hex),
        Arguments.of("upper-case hex", hex.toUpperCase(Locale.ROOT)),
        Arguments.of("base64", Base64.getEncoder().encodeToString(utf8)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void everySpellingIsMasked(String name, String spelling) {
    assertThat(mask.apply("the key (" + spelling + ") is refused"))
        .startsWith("the key (***")
        .endsWith(") is refused")
        .hasSizeLessThan("the key (***) is refused".length() + 3); // base64 shares its ends
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "us"})
  void base64IsMaskedWhereverItBegins(String before) {
    String text = before + SECRET + "tail";
    String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    assertThat(mask.apply(encoded)).contains("***").hasSizeLessThan(encoded.length() - 25);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void noLongerPieceIsLeftWhereverTheTextIsCut(String name, String spelling) {
    for (int cut = 0; cut <= spelling.length(); cut++) {
      String head = mask.apply(spelling.substring(0, cut));
      String tail = mask.apply(spelling.substring(cut));
      for (int at = 0; at + SecretMask.MIN_PIECE_LENGTH <= SECRET.length(); at++) {
        String piece = SECRET.substring(at, at + SecretMask.MIN_PIECE_LENGTH);
        assertThat(head).doesNotContain(piece);
        assertThat(tail).doesNotContain(piece);
      }
      assertThat(head.length()).as(head).isLessThanOrEqualTo(6 * SecretMask.MIN_PIECE_LENGTH + 6);
    }
  }

  @Test
  void onlyThePieceOfTheSecretIsMasked() {
    for (int at = 0; at + SecretMask.MIN_PIECE_LENGTH <= SECRET.length(); at++) {
      String piece = SECRET.substring(at, at + SecretMask.MIN_PIECE_LENGTH);
      assertThat(mask.apply("~" + piece + "~")).isEqualTo("~***~");
    }
  }

  @Test
  void severalSecretsAndSeveralPlacesAreMasked() {
    assertThat(new SecretMask("first-s3cret", "other").apply("other first-s3cret, another"))
        .isEqualTo("*** ***, an***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nothing to hide", "100 %", "50%41", "back\\slash", "\\", "%", "\\u12", "%4"})
  void aTextWithoutASecretIsUnchanged(String text) {
    assertThat(mask.apply(text)).isSameAs(text);
  }

  @Test
  void aShortSecretIsMaskedOnlyAsAWhole() {
    SecretMask shortOne = new SecretMask("key");
    assertThat(shortOne.apply("the key: ke, 6b6579")).isEqualTo("the ***: ke, 6b6579");
  }

  @Test
  void aSecretOfOneCharacterRepeatedIsMasked() {
    assertThat(new SecretMask("x".repeat(20)).apply("-" + "x".repeat(70) + "-")).isEqualTo("-***-");
  }
}
