package io.marketstream.local.console;

import java.util.List;
import java.util.Locale;

/** Draws lines of text as an SVG picture of a terminal window. */
final class SvgScreenshot {
  private static final double CHARACTER_PX = 7.83;
  private static final int LINE_PX = 18;
  private static final int MARGIN_PX = 16;
  private static final int TITLE_PX = 32;

  private SvgScreenshot() {}

  /**
   * Returns an SVG document of a dark window, readable on light and dark pages.
   *
   * @param title the title of the window
   * @param lines the text; the first two have colours of their own
   * @param columns the width of the window in characters; no line is longer
   */
  static String svg(String title, List<String> lines, int columns) {
    int width = (int) Math.ceil(columns * CHARACTER_PX) + 2 * MARGIN_PX;
    int height = TITLE_PX + lines.size() * LINE_PX + 2 * MARGIN_PX;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
              <title>%3$s</title>
              <rect x="0.5" y="0.5" width="%4$d" height="%5$d" rx="8" fill="#0d1117" stroke="#444c56"/>
              <circle cx="20" cy="17" r="6" fill="#ff5f57"/>
              <circle cx="40" cy="17" r="6" fill="#febc2e"/>
              <circle cx="60" cy="17" r="6" fill="#28c840"/>
              <text x="%6$d" y="21" text-anchor="middle" font-family="sans-serif" font-size="12" fill="#9198a1">%3$s</text>
              <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" xml:space="preserve">
            """,
            width,
            height,
            escaped(title),
            width - 1,
            height - 1,
            width / 2));
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isBlank()) {
        svg.append(
            String.format(
                Locale.ROOT,
                "    <text x=\"%d\" y=\"%d\" textLength=\"%.1f\" lengthAdjust=\"spacing\" fill=\"%s\">%s</text>\n",
                MARGIN_PX,
                TITLE_PX + MARGIN_PX + i * LINE_PX,
                line.length() * CHARACTER_PX,
                colour(i),
                escaped(line)));
      }
    }
    return svg.append("  </g>\n</svg>\n").toString();
  }

  private static String colour(int line) {
    return switch (line) {
      case 0 -> "#79c0ff";
      case 1 -> "#7ee787";
      default -> "#e6edf3";
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
