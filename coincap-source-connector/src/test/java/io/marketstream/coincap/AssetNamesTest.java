package io.marketstream.coincap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AssetNamesTest {

  private final AssetNames names = new AssetNames(name -> !name.equals("dogecoin"));

  @Test
  void aRepeatedNameIsTheSameString() {
    String first = names.at("{\"bitcoin\":\"1\"}", 2);
    assertThat(first).isEqualTo("bitcoin");
    assertThat(names.at("{\"monero\":\"1\",\"bitcoin\":\"2\"}", 15)).isSameAs(first);
  }

  /** Aa and BB have the same hash code, and so have texts made of them. */
  @Test
  void namesWithEqualHashesAreNotConfused() {
    for (int i = 0; i < 2; i++) {
      assertThat(names.at("Aa\"", 0)).isEqualTo("Aa");
      assertThat(names.at("BB\"", 0)).isEqualTo("BB");
      assertThat(names.at("AaBB\"", 0)).isEqualTo("AaBB");
      assertThat(names.at("BBAa\"", 0)).isEqualTo("BBAa");
      assertThat(names.at("\0\"", 0)).isNull();
    }
  }

  @Test
  void aNameIsNotConfusedWithItsPrefix() {
    for (int i = 0; i < 50_000; i++) { // so often that some share its place
      assertThat(names.at("bitcoin\"", 0)).isEqualTo("bitcoin");
      assertThat(names.at("bitcoin" + i + "\"", 0)).isEqualTo("bitcoin" + i);
    }
  }

  @Test
  void anUnsubscribedNameIsNotKept() {
    assertThat(names.at("dogecoin\"", 0)).isNull();
    assertThat(names.at("dogecoin\"", 0)).isNull();
  }
}
