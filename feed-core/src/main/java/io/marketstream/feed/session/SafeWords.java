package io.marketstream.feed.session;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What others say, made fit for a log line, a record and an offset: no secret, one line, bounded.
 */
final class SafeWords {

  private static final int LONGEST = 300;
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  private final UnaryOperator<String> redact;

  SafeWords(UnaryOperator<String> redact) {
    this.redact = redact;
  }

  String of(String raw) {
    String line = CONTROLS.matcher(redact.apply(raw)).replaceAll(" ");
    if (line.length() <= LONGEST) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return line.substring(0, end) + "…";
  }
}
