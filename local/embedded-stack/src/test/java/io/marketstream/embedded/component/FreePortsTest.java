package io.marketstream.embedded.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  /** Of 1,000 random ports of this range, some 60 would be the same. */
  @Test
  void noPortIsGivenTwice() {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(given.add(FreePorts.next())).isTrue();
    }
  }

  @Test
  void aReservedPortIsNotGiven() {
    List<Integer> half = IntStream.range(16_384, 20_480).boxed().toList();
    FreePorts.reserve(half);
    for (int i = 0; i < 100; i++) {
      assertThat(FreePorts.next()).as("a port of tests").isBetween(20_480, 24_575);
    }
  }
}
