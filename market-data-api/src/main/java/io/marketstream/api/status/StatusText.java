package io.marketstream.api.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The screen: sections with aligned columns. A line that is not healthy begins with {@code !}. */
public final class StatusText {
  private static final int NAME_WIDTH = 11;
  private static final String BETWEEN = "  ";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String NORMAL = "\u001b[0m";

  private final boolean hasColour;

  public StatusText(boolean hasColour) {
    this.hasColour = hasColour;
  }

  public List<String> lines(Status status) {
    List<String> lines = new ArrayList<>();
    Instant at = status.at().truncatedTo(ChronoUnit.SECONDS);
    int problems = status.problems().size();
    lines.add(
        at
            + "  "
            + (problems == 0
                ? coloured(GREEN, healthy(status))
                : coloured(RED, Words.count(problems, "thing is", "things are") + " wrong")));
    for (Section section : status.sections()) {
      lines.add("");
      addTo(lines, section);
    }
    if (problems > 0) {
      lines.add("");
      lines.add("not healthy:");
      status.problems().forEach(problem -> lines.add("  " + problem));
    }
    return lines;
  }

  private static String healthy(Status status) {
    boolean isAll =
        status.sections().stream().allMatch(section -> section.state() == Section.State.READ);
    return isAll ? "everything is healthy" : "what was read is healthy";
  }

  private void addTo(List<String> lines, Section section) {
    String name = padded(section.name(), NAME_WIDTH);
    int[] widths = widths(section);
    if (!section.header().isEmpty()) {
      lines.add(name + "  " + aligned(section.header(), widths));
      name = " ".repeat(NAME_WIDTH);
    }
    for (Section.Row row : section.rows()) {
      lines.add(
          name
              + (row.isHealthy() ? "  " : "! ")
              + (row.isHealthy()
                  ? aligned(row.cells(), widths)
                  : coloured(RED, aligned(row.cells(), widths))));
      name = " ".repeat(NAME_WIDTH);
    }
  }

  private static int[] widths(Section section) {
    int[] widths = new int[section.header().size()];
    List<List<String>> all = new ArrayList<>();
    all.add(section.header());
    section.rows().stream()
        .map(Section.Row::cells)
        .filter(cells -> cells.size() == widths.length) // a text of its own has no columns
        .forEach(all::add);
    for (List<String> cells : all) {
      for (int i = 0; i < Math.min(widths.length, cells.size()); i++) {
        widths[i] = Math.max(widths[i], cells.get(i).length());
      }
    }
    return widths;
  }

  private static String aligned(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : BETWEEN)
          .append(padded(cells.get(i), i < widths.length ? widths[i] : 0));
    }
    return line.toString().stripTrailing();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private String coloured(String colour, String text) {
    return hasColour ? colour + text + NORMAL : text;
  }
}
