package io.marketstream.feed.session;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Makes text from outside safe for log lines, records and offsets. It masks secrets, joins lines,
 * and limits the length.
 */
final class LogSanitizer {

  private static final int MAX_LENGTH = 300;
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  private final UnaryOperator<String> redact;

  LogSanitizer(UnaryOperator<String> redact) {
    this.redact = redact;
  }

  /** The text in one line of at most {@value #MAX_LENGTH} characters, without secrets. */
  String sanitize(String raw) {
    String line = CONTROLS.matcher(redact.apply(raw)).replaceAll(" ");
    if (line.length() <= MAX_LENGTH) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
    return line.substring(0, end) + "…";
  }
}
