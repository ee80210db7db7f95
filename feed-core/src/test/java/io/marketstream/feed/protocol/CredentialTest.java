package io.marketstream.feed.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CredentialTest {

  private final Credential credential = new Credential("feed.token", "s3cr&t/ü=1");

  @Test
  void theSecretIsEncodedIntoTheUrl() {
    assertThat(credential.in("wss://feed", "token"))
        .isEqualTo("wss://feed?token=s3cr%26t%2F%C3%BC%3D1");
    assertThat(credential.in("wss://feed/prices?assets=ALL", "apiKey"))
        .isEqualTo("wss://feed/prices?assets=ALL&apiKey=s3cr%26t%2F%C3%BC%3D1");
  }

  @Test
  void bothSpellingsOfTheSecretAreMasked() {
    assertThat(credential.redact("GET /?token=s3cr%26t%2F%C3%BC%3D1 refused: s3cr&t/ü=1"))
        .isEqualTo("GET /?token=*** refused: ***");
    assertThat(credential.redact("nothing to hide")).isEqualTo("nothing to hide");
  }

  @Test
  void itsTextNamesTheKeyAndHidesTheSecret() {
    assertThat(credential).hasToString("feed.token=***");
  }
}
