package io.marketstream.feed.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {

  private static String complaint(ConfigDef.Validator check, Object value) {
    Throwable thrown = catchThrowable(() -> check.ensureValid("the.key", value));
    assertThat(thrown).isInstanceOf(ConfigException.class);
    assertThat(thrown.getMessage()).startsWith("the.key: ");
    return thrown.getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wss://ws.finnhub.io",
        "WSS://ws.finnhub.io:443/path",
        "ws://127.0.0.1:65535",
        "ws://[::1]:80/x?assets=bitcoin",
        "wss://host?tokens=1&monkey=2"
      })
  void aWebsocketUrlPasses(String url) {
    assertThatCode(() -> Checks.websocketUrl().ensureValid("the.key", url))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://ws.finnhub.io|must begin with wss://",
        "ws.finnhub.io|must begin with wss://",
        "''|must begin with wss://",
        "wss://|is not a URL",
        "wss:///path|has no host",
        "wss://a b|is not a URL",
        "wss://host:0|port beyond",
        "wss://host:65536|port beyond",
        "wss://host?token=abc|must not carry a credential",
        "wss://host?assets=ALL&apiKey=abc|must not carry a credential",
        "wss://host?API_KEY=abc|must not carry a credential",
        "wss://user:abc@host|must not carry a credential",
        "wss://host#abc|must not have a fragment"
      })
  void whatIsWrongWithAUrlIsSaidWithoutRepeatingIt(String url, String words) {
    assertThat(complaint(Checks.websocketUrl(), url)).contains(words).doesNotContain("abc");
  }

  @Test
  void aCredentialMustBeGivenAndResolved() {
    ConfigDef.Validator check = Checks.credential("FEED_TOKEN");
    assertThatCode(() -> check.ensureValid("the.key", new Password("c0ffee")))
        .doesNotThrowAnyException();
    assertThat(complaint(check, null)).contains("must not be empty", "${env:FEED_TOKEN}");
    assertThat(complaint(check, new Password(" "))).contains("must not be empty");
    assertThat(complaint(check, new Password("${env:FEED_TOKEN}")))
        .contains("did not resolve", "config.providers");
    assertThat(complaint(check, new Password("\u2003c0ffee"))).doesNotContain("c0ffee");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ü"})
  void whatIsNoTopicNameIsRefused(String topic) {
    assertThat(complaint(Checks.topic(), topic)).contains("must be a topic name");
    assertThat(complaint(Checks.topic(), "x".repeat(250))).contains("1 to 249");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Finnhub", "1st", "-x", "a_b", "abcdefghijklmnopqrstuvwxyz0123456"})
  void whatIsNoSourceNameIsRefused(String name) {
    assertThat(complaint(Checks.sourceName(), name)).contains("lower-case letters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"finnhub", "finnhub-sim", "a", "abcdefghijklmnopqrstuvwxyz012345"})
  void aSourceNamePasses(String name) {
    assertThatCode(() -> Checks.sourceName().ensureValid("the.key", name))
        .doesNotThrowAnyException();
  }
}
