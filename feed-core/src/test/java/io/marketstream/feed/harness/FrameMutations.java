package io.marketstream.feed.harness;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Damages frames at random. The seed determines the result. */
public final class FrameMutations {

  private static final String[] FRAGMENTS = {
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\",
    "\\u",
    "\\ud800",
    "null",
    "true",
    "1e999999999",
    "e41",
    "E-41",
    "-",
    "0.0000000000000000001",
    "\uFFFD",
    "\u0000",
    "\uD83D\uDE00",
    "99999999999999999999",
    "NaN",
    "\"s\"",
    "\"data\"",
    "\"type\"",
    " ",
    "\n",
    "Unauthorized",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
  };

  private final Random random;
  private final List<String> originals;

  public FrameMutations(long seed, List<String> originals) {
    this.random = new Random(seed);
    this.originals = originals;
  }

  /**
   * Returns a damaged frame without half surrogate pairs, because these cannot arrive in a frame.
   */
  public String next() {
    StringBuilder frame = new StringBuilder(originals.get(random.nextInt(originals.size())));
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutate(frame);
    }
    return new String(frame.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private void mutate(StringBuilder frame) {
    int at = random.nextInt(frame.length() + 1);
    int to = Math.min(frame.length(), at + random.nextInt(12));
    switch (random.nextInt(6)) {
      case 0 -> frame.setLength(at);
      case 1 -> frame.delete(at, to);
      case 2 -> frame.insert(at, frame.substring(at, to));
      case 3 -> frame.insert(at, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
      case 4 -> frame.insert(at, (char) random.nextInt(0x10000));
      default -> frame.insert(at, random.nextInt(10));
    }
  }
}
