package io.marketstream.feed.config;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds mistakes that people make when they type or copy a value of any key. Examples are
 * references that the worker did not resolve, invisible characters, and lists in the syntax of
 * another language. The messages never repeat the value, which may be a secret.
 */
public final class TextRules {

  static final String UNRESOLVED =
      "is a reference that the worker did not resolve. Set config.providers and"
          + " config.providers.<name>.class in the worker's properties, and the variable or file"
          + " that the reference names";

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*:[^}]*}");
  private static final String BRACKETS = "[]{}<>";
  private static final String QUOTES = "\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb";
  private static final String SEPARATORS = ";|\uff0c\u3001\u060c";

  private TextRules() {}

  /** Whether a value contains a reference such as {@code ${provider:key}}. */
  static boolean isUnresolved(String value) {
    return value.startsWith("${") || REFERENCE.matcher(value).find();
  }

  /** What is wrong with a text of one line; null if it is valid or empty. */
  static @Nullable String problem(String value) {
    if (isUnresolved(value)) {
      return UNRESOLVED;
    }
    String hidden = hiddenCharacter(value);
    if (hidden != null) {
      return hidden;
    }
    return value.equals(value.strip()) ? null : "must not begin or end with white space";
  }

  /**
   * What is wrong with the items of a list, which {@link org.apache.kafka.common.config.ConfigDef}
   * has split at commas; null if all are valid.
   *
   * @param item what an item is called in messages, for example "symbol"
   */
  public static @Nullable String listProblem(List<?> items, String item) {
    for (Object each : items) {
      String value = (String) each;
      if (value.isBlank()) {
        return "has an empty " + item + ": look for two commas in a row, or for one at an end";
      }
      if (isUnresolved(value)) {
        return UNRESOLVED;
      }
      String hidden = hiddenCharacter(value);
      if (hidden != null) {
        return hidden;
      }
      if (containsAny(value, BRACKETS) || containsAny(value, QUOTES)) {
        return "has brackets or quotes: write the " + item + "s with commas between them";
      }
      if (containsAny(value, SEPARATORS)) {
        return "separate one " + item + " from the next with a comma (,) and nothing else";
      }
    }
    return null;
  }

  private static boolean containsAny(String value, String characters) {
    return value.chars().anyMatch(c -> characters.indexOf(c) >= 0);
  }

  private static @Nullable String hiddenCharacter(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\n' || c == '\r') {
        return "has a line break, perhaps at its end: remove it";
      }
      if (isHidden(c)) {
        return "has a character that cannot be seen ("
            + String.format("U+%04X", (int) c)
            + ", number "
            + (i + 1)
            + "): type the value again instead of copying it";
      }
    }
    return null;
  }

  private static boolean isHidden(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      case Character.SPACE_SEPARATOR -> c != ' ';
      default -> false;
    };
  }
}
