package io.marketstream.feed.session;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What others say, made fit for a log line, a record and an offset: no secret, one line, bounded.
 */
final class SafeWords {

  private static final int LONGEST = 300;
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

  private final UnaryOperator<String> redact;

  SafeWords(UnaryOperator<String> redact) {
    this.redact = redact;
  }

  String of(String raw) {
    String line = CONTROLS.matcher(redact.apply(raw)).replaceAll(" ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
