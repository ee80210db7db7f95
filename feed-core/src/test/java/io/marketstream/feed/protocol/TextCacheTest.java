package io.marketstream.feed.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextCacheTest {

  private final TextCache<Integer> cache = new TextCache<>(4);

  private Integer get(String text) {
    return cache.get("<" + text + ">", 1, 1 + text.length());
  }

  @Test
  void findsATextInsideAFrame() {
    cache.put("AAPL", 1);
    assertThat(get("AAPL")).isEqualTo(1);
    assertThat(get("AAP")).isNull();
    assertThat(get("AAPLE")).isNull();
    assertThat(get("")).isNull();
  }

  @Test
  void keepsNoMoreTextsThanItHasPlaces() {
    int found = 0;
    for (int i = 0; i < 1_000; i++) {
      cache.put("text" + i, i);
    }
    for (int i = 0; i < 1_000; i++) {
      Integer meaning = get("text" + i);
      assertThat(meaning).isIn(null, i);
      found += meaning == null ? 0 : 1;
    }
    assertThat(found).isBetween(1, 4);
  }

  @Test
  void textsWithEqualHashesAreNotConfused() {
    cache.put("Aa", 1);
    assertThat(get("BB")).isNull();
    cache.put("BB", 2);
    assertThat(get("BB")).isEqualTo(2);
    assertThat(get("Aa")).isNull();
  }

  @Test
  void keepsNoLongTexts() {
    String longest = "x".repeat(TextCache.MAX_TEXT_LENGTH);
    cache.put(longest, 1);
    assertThat(get(longest)).isEqualTo(1);
    cache.put(longest + "x", 2);
    assertThat(get(longest + "x")).isNull();
  }
}
