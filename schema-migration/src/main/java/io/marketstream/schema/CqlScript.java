package io.marketstream.schema;

import java.util.ArrayList;
import java.util.List;

/** Splits a CQL script into statements. */
public final class CqlScript {
  private final String text;
  private final StringBuilder statement = new StringBuilder();
  private final List<String> statements = new ArrayList<>();
  private int at;

  private CqlScript(String text) {
    this.text = text;
  }

  /**
   * Returns the statements of a script, without comments ({@code --}, {@code //}, {@code /* …
   * *}{@code /}) and semicolons. A semicolon inside quotes or {@code $$} ends nothing.
   */
  public static List<String> statements(String script) {
    return new CqlScript(script).cut();
  }

  private List<String> cut() {
    while (at < text.length()) {
      if (text.startsWith("--", at) || text.startsWith("//", at)) {
        skipTo("\n", 0);
      } else if (text.startsWith("/*", at)) {
        skipTo("*/", 2);
        statement.append(' ');
      } else if (text.startsWith("$$", at)) {
        copyQuoted("$$");
      } else if (text.charAt(at) == '\'' || text.charAt(at) == '"') {
        copyQuoted(text.substring(at, at + 1));
      } else if (text.charAt(at) == ';') {
        end();
        at++;
      } else {
        statement.append(text.charAt(at++));
      }
    }
    end();
    return statements;
  }

  private void skipTo(String mark, int beyond) {
    int found = text.indexOf(mark, at);
    at = found < 0 ? text.length() : found + beyond;
  }

  private void copyQuoted(String quote) {
    int closing = text.indexOf(quote, at + quote.length());
    int end = closing < 0 ? text.length() : closing + quote.length();
    statement.append(text, at, end);
    at = end;
  }

  private void end() {
    String cut = statement.toString().strip();
    if (!cut.isEmpty()) {
      statements.add(cut);
    }
    statement.setLength(0);
  }
}
