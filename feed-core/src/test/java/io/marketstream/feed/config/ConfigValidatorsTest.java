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

class ConfigValidatorsTest {

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
        "wss://host?tokens=1&monkey=2",
        "ws://stack_feed:8080",
        "ws://market_feed:8081/prices",
        "wss://_leading._tcp.feed.internal",
        "wss://[2001:db8::7]/prices"
      })
  void aWebsocketUrlPasses(String url) {
    assertThatCode(() -> ConfigValidators.websocketUrl().ensureValid("the.key", url))
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
        "wss://host:0|not between 1 and 65535",
        "wss://host:65536|not between 1 and 65535",
        "wss://host?token=abc|must not carry a credential",
        "wss://host?assets=ALL&apiKey=abc|must not carry a credential",
        "wss://host?API_KEY=abc|must not carry a credential",
        "wss://user:abc@host|must not carry a credential",
        "wss://host#abc|must not have a fragment",
        "wss://stack_feed:0|not between 1 and 65535",
        "wss://stack_feed:65536|not between 1 and 65535",
        "wss://stack_feed:port|has no host",
        "wss://user:abc@stack_feed|must not carry a credential",
        "wss://::1:8080|must be in brackets",
        "wss://2001:db8::7/prices|must be in brackets",
        "wss://[fe80::1%25eth0]:8080|no zone",
        "wss://host?client_secret=abc|must not carry a credential",
        "wss://host?access_key=abc|must not carry a credential",
        "wss://host?accessKey=abc|must not carry a credential",
        "wss://host?x-api-key=abc|must not carry a credential",
        "wss://host?jwt=abc|must not carry a credential",
        "wss://host?sig=abc|must not carry a credential",
        "wss://host?pwd=abc|must not carry a credential",
        "wss://host?%74oken=abc|must not carry a credential",
        "wss://host?x=1;token=abc|must not carry a credential",
        "${env:FEED_URL}|did not resolve",
        "wss://${env:FEED_HOST}/|did not resolve",
        "' wss://abc'|white space",
        "'wss://abc\n'|line break",
        "\uFEFFwss://abc|U+FEFF",
        "wss://abc\u200B.example|U+200B",
        "wss://abc\u00A0|U+00A0"
      })
  void aWrongUrlIsExplainedWithoutRepeatingIt(String url, String words) {
    assertThat(complaint(ConfigValidators.websocketUrl(), url))
        .contains(words)
        .doesNotContain("abc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.exchange.coinbase.com",
        "https://api.exchange.coinbase.com/",
        "http://127.0.0.1:8090/coinbase",
        "HTTPS://stack_api:8443"
      })
  void aRestUrlPasses(String url) {
    assertThatCode(() -> ConfigValidators.restUrl().ensureValid("the.key", url))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://host?x=abc|must not have a query",
        "https://host/?|must not have a query",
        "https://host/v1?x=abc#y|must not have a fragment",
        "https://host#abc|must not have a fragment",
        "https://host/#|must not have a fragment",
        "https://host?token=abc|must not carry a credential",
        "https://user:abc@host|must not carry a credential",
        "wss://host|must begin with https://",
        "host|must begin with https://",
        "''|must begin with https://",
        "https:///v1|has no host"
      })
  void aWrongRestUrlIsExplainedWithoutRepeatingIt(String url, String words) {
    assertThat(complaint(ConfigValidators.restUrl(), url)).contains(words).doesNotContain("abc");
  }

  @Test
  void aCredentialMustBeGivenAndResolved() {
    ConfigDef.Validator check = ConfigValidators.credential("FEED_TOKEN");
    assertThatCode(() -> check.ensureValid("the.key", new Password("c0ffee")))
        .doesNotThrowAnyException();
    assertThat(complaint(check, null)).contains("must not be empty", "${env:FEED_TOKEN}");
    assertThat(complaint(check, new Password(" "))).contains("must not be empty");
    assertThat(complaint(check, new Password("${env:FEED_TOKEN}")))
        .contains("did not resolve", "config.providers");
    assertThat(complaint(check, new Password("\u2003c0ffee"))).doesNotContain("c0ffee");
    assertThat(complaint(check, new Password("c0ffee\n"))).contains("line break");
    assertThat(complaint(check, new Password("\uFEFFc0ffee"))).contains("U+FEFF");
    assertThat(complaint(check, new Password("c0f\u200Bfee"))).contains("U+200B, number 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://proxy:3128",
        "HTTP://10.0.0.1:80/",
        "http://[::1]:65535",
        "http://swarm_squid:3128"
      })
  void aProxyUrlPasses(String url) {
    assertThatCode(
            () ->
                ConfigValidators.optionalProxyUrl("proxy.user", "proxy.password")
                    .ensureValid("the.key", url))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy:3128|must begin with http://",
        "proxy|must begin with http://",
        "https://proxy:3128|talks to the proxy in plain HTTP",
        "socks5://proxy:1080|must begin with http://",
        "http://proxy|must name the port",
        "http://:3128|must name a host",
        "http://proxy:0|not between 1 and 65535",
        "http://proxy:65536|not between 1 and 65535",
        "http://proxy:3128/path|must end after the port",
        "http://proxy:3128?x=1|must end after the port",
        "http://proxy:3128#x|must end after the port",
        "http://user:abc@proxy:3128|set proxy.user and proxy.password",
        "http://user:abc@def@proxy:3128|set proxy.user and proxy.password",
        "http://user:abc:3128|must name a host",
        "http://a b:3128|must be http://host:port",
        "${env:PROXY_URL}|did not resolve",
        "http://${env:PROXY_HOST}:3128|did not resolve",
        "http://swarm_squid|must name the port",
        "http://::1:3128|must be in brackets",
        "'http://abc:3128\n'|line break"
      })
  void aWrongProxyUrlIsExplainedWithoutRepeatingIt(String url, String words) {
    assertThat(complaint(ConfigValidators.optionalProxyUrl("proxy.user", "proxy.password"), url))
        .contains(words)
        .doesNotContain("abc");
  }

  @Test
  void aPasswordMayBeAbsentButNotUnresolved() {
    ConfigDef.Validator check = ConfigValidators.optionalPassword();
    assertThatCode(
            () -> {
              check.ensureValid("the.key", null);
              check.ensureValid("the.key", new Password(""));
              check.ensureValid("the.key", new Password("with : and space"));
            })
        .doesNotThrowAnyException();
    assertThat(complaint(check, new Password("${file:/x:y}"))).contains("did not resolve");
    assertThat(complaint(check, new Password("c0ffee\n")))
        .contains("white space")
        .doesNotContain("c0ffee");
  }

  @Test
  void aUserHasNoColonAndAFileIsAPath() {
    assertThatCode(
            () -> {
              ConfigValidators.optionalUser().ensureValid("the.key", "");
              ConfigValidators.optionalUser().ensureValid("the.key", "CORP\\us\u00e9r");
              ConfigValidators.optionalFile().ensureValid("the.key", "");
              ConfigValidators.optionalFile()
                  .ensureValid("the.key", "/not/here/but perhaps/there.jks");
            })
        .doesNotThrowAnyException();
    assertThat(complaint(ConfigValidators.optionalUser(), "user:abc"))
        .contains("must not contain a colon")
        .doesNotContain("abc");
    assertThat(complaint(ConfigValidators.optionalUser(), "${env:USER}"))
        .contains("did not resolve");
    assertThat(complaint(ConfigValidators.optionalFile(), "${env:CA}")).contains("did not resolve");
    assertThat(complaint(ConfigValidators.optionalFile(), "a\0b")).contains("is not a path");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${env:TOPIC}|did not resolve",
        "market-${env:STAGE}|did not resolve",
        "'market_data\n'|line break",
        "'market_data '|white space",
        "market_data\u200B|U+200B",
        "\u00A0market_data|U+00A0"
      })
  void namesWithInvisibleOrUnresolvedPartsAreRefused(String name, String words) {
    assertThat(complaint(ConfigValidators.topic(), name)).contains(words);
    assertThat(complaint(ConfigValidators.sourceName(), name)).contains(words);
    assertThat(complaint(ConfigValidators.optionalFile(), name)).contains(words);
    assertThat(complaint(ConfigValidators.optionalUser(), name)).contains(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ü"})
  void anInvalidTopicNameIsRefused(String topic) {
    assertThat(complaint(ConfigValidators.topic(), topic)).contains("must be a topic name");
    assertThat(complaint(ConfigValidators.topic(), "x".repeat(250))).contains("1 to 249");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Finnhub", "1st", "-x", "a_b", "abcdefghijklmnopqrstuvwxyz0123456"})
  void anInvalidSourceNameIsRefused(String name) {
    assertThat(complaint(ConfigValidators.sourceName(), name)).contains("lower-case letters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"finnhub", "finnhub-sim", "a", "abcdefghijklmnopqrstuvwxyz012345"})
  void aSourceNamePasses(String name) {
    assertThatCode(() -> ConfigValidators.sourceName().ensureValid("the.key", name))
        .doesNotThrowAnyException();
  }
}
