import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds sentences of Markdown files that are too long to read, and links to files or headings that
 * do not exist. {@code mvn validate} runs it:
 *
 * <pre>java build/MarkdownCheck.java [--self-test] FILE_OR_FOLDER...</pre>
 *
 * <p>A sentence ends at one of {@code . ! ? : ;} before white space, at a middle dot between links,
 * and with its paragraph, list item or heading. Tables, code, HTML and link targets do not count.
 *
 * <p>A link counts if it names a path relative to its file, or a heading by the anchor that GitHub
 * gives it. Links to the web are not followed.
 *
 * <p>Exit code 1 means that something was found. This source has ASCII characters only, because
 * Java reads it as the locale says.
 */
public final class MarkdownCheck {
  private static final int MAX_WORDS = 35;
  private static final int WORDS_SHOWN = 8;

  private static final Pattern FENCE = Pattern.compile("\\s*(`{3,}|~{3,}).*");
  private static final Pattern HEADING = Pattern.compile(" {0,3}#{1,6}(\\s.*)?");
  private static final Pattern ITEM =
      Pattern.compile("(\\s*)([-*+]|\\d{1,9}[.)])(\\s+\\[[ xX]])?\\s+(.*)");
  private static final Pattern RULE = Pattern.compile(" {0,3}([-=*_]\\s*){2,}");
  private static final Pattern DEFINITION = Pattern.compile(" {0,3}\\[[^]]+]:\\s.*");
  private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?(-->|$)");
  private static final Pattern CODE = Pattern.compile("(?s)(?<!`)(`+)(?!`).+?(?<!`)\\1(?!`)");
  private static final Pattern TARGET =
      Pattern.compile("](\\([^()]*(\\([^()]*\\)[^()]*)*\\)|\\[[^]]*])");
  private static final Pattern LINK =
      Pattern.compile(
          "](?:\\(|:\\s+)<?([^\\s()<>]+(?:\\([^()]*\\)[^\\s()]*)*)"
              + "|<(?:a|img)\\b[^>]*\\b(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ELSEWHERE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*|//.*");
  private static final Pattern ANCHOR = Pattern.compile("<\\w+\\b[^>]*\\b(?:id|name)=\"([^\"]*)\"");
  private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^>]*>");
  private static final Pattern END =
      Pattern.compile(
          "(?<!\\b(?:e\\.g|i\\.e|cf|vs|approx)\\.)(?<=[.!?:;\\u00b7][)\"'*_\\]\\u201d]{0,3})\\s+");
  private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");

  /** One sentence that is too long, and where it begins. */
  private record LongSentence(int line, int words, String beginning) {}

  /** One link as it is written, and where. */
  private record Link(int line, String target) {}

  private final List<Link> links = new ArrayList<>();
  private final Set<String> anchors = new HashSet<>();
  private final List<LongSentence> found = new ArrayList<>();
  private final StringBuilder block = new StringBuilder(); // of a paragraph, item or heading
  private int blockLine;

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    TreeSet<Path> files = new TreeSet<>();
    for (String arg : args) {
      if (arg.equals("--self-test")) {
        selfTest();
      } else {
        addFiles(Path.of(arg), files);
      }
    }
    Map<Path, MarkdownCheck> checks = new TreeMap<>();
    for (Path file : files) {
      checks.put(file.toAbsolutePath().normalize(), check(Files.readString(file)));
    }
    int tooLong = 0;
    int broken = 0;
    for (Path file : files) {
      MarkdownCheck check = checks.get(file.toAbsolutePath().normalize());
      for (Link link : check.links) {
        String problem = problem(file.toAbsolutePath(), link.target, checks);
        if (problem != null) {
          out.printf("%s:%d: a link to %s: %s%n", file, link.line, link.target, problem);
          broken++;
        }
      }
      for (LongSentence s : check.found) {
        out.printf(
            "%s:%d: a sentence of %d words: \"%s ...\"%n", file, s.line, s.words, s.beginning);
        tooLong++;
      }
    }
    if (tooLong > 0) {
      out.printf(
          "%nToo long: %d. Split these sentences: one idea in each, at most 25 words. More than %d"
              + " words fail the build. Tables, code and link targets do not count.%n",
          tooLong, MAX_WORDS);
    }
    if (broken > 0) {
      out.printf("%nBroken links: %d. A path is relative to the folder of its file.%n", broken);
    }
    if (tooLong + broken > 0) {
      System.exit(1);
    }
  }

  /** Every Markdown file of a folder, except what a build or an editor writes. */
  private static void addFiles(Path root, TreeSet<Path> files) throws IOException {
    Files.walkFileTree(
        root.normalize(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean hidden = name.startsWith(".") && !name.equals(".github");
            return name.equals("target") || hidden
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static MarkdownCheck check(String text) {
    MarkdownCheck check = new MarkdownCheck();
    check.read(blank(COMMENT, text, "").split("\\R", -1));
    return check;
  }

  /** Returns why a link of a file leads nowhere, or null. */
  private static String problem(Path file, String target, Map<Path, MarkdownCheck> checks) {
    if (ELSEWHERE.matcher(target).matches()) {
      return null;
    }
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    String anchor = hash < 0 ? "" : target.substring(hash + 1);
    Path there = path.isEmpty() ? file.normalize() : file.resolveSibling(path).normalize();
    if (!Files.exists(there)) {
      return "there is no such file";
    }
    MarkdownCheck page = checks.get(there);
    return anchor.isEmpty() || page == null || page.anchors.contains(anchor)
        ? null
        : "the page has no such heading";
  }

  private void readLinks(int index, String line) {
    Matcher link = LINK.matcher(blank(CODE, line, "`...`"));
    while (link.find()) {
      links.add(new Link(index + 1, link.group(1) != null ? link.group(1) : link.group(2)));
    }
    ANCHOR.matcher(line).results().forEach(anchor -> anchors.add(anchor.group(1)));
  }

  /** Adds the anchor that GitHub gives a heading. A repeated one gets a number. */
  private void addAnchor(String heading) {
    String text = heading.strip().replaceFirst("^#+\\s*", "").replaceFirst("\\s+#+$", "");
    String anchor =
        TAG.matcher(TARGET.matcher(text).replaceAll("]"))
            .replaceAll("")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N}\\p{M}_\\s-]", "")
            .replaceAll("\\s", "-");
    String name = anchor;
    for (int i = 1; !anchors.add(name); i++) {
      name = anchor + "-" + i;
    }
  }

  private void read(String[] lines) {
    String fence = null;
    boolean inList = false;
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].replaceFirst("^( {0,3}> ?)+", "");
      Matcher fenced = FENCE.matcher(line);
      Matcher item = ITEM.matcher(line);
      if (fence != null) {
        fence = line.strip().matches(Pattern.quote(fence) + "+") ? null : fence;
        continue;
      }
      if (fenced.matches()) {
        endBlock();
        fence = fenced.group(1);
        continue;
      }
      readLinks(i, line);
      if (line.isBlank() || line.strip().startsWith("|") || RULE.matcher(line).matches()) {
        endBlock();
      } else if (HEADING.matcher(line).matches()) {
        endBlock();
        add(i, line);
        endBlock();
        addAnchor(line);
        inList = false;
      } else if (item.matches() && (inList || item.group(1).length() < 4)) {
        endBlock();
        add(i, item.group(4));
        inList = true;
      } else if (block.isEmpty()
          && (line.startsWith("    ") && !inList || DEFINITION.matcher(line).matches())) {
        continue; // an indented code block, or where a link goes
      } else {
        inList &= !block.isEmpty() || line.startsWith(" ");
        add(i, line);
      }
    }
    endBlock();
  }

  private void add(int index, String line) {
    if (block.isEmpty()) {
      blockLine = index + 1;
    }
    block.append(line.strip()).append('\n');
  }

  private void endBlock() {
    String text = blank(TAG, blank(TARGET, blank(CODE, block.toString(), "`...`"), "]"), "");
    block.setLength(0);
    int line = blockLine;
    int from = 0;
    Matcher end = END.matcher(text);
    while (from < text.length()) {
      int to = end.find() ? end.end() : text.length();
      count(line, text.substring(from, to));
      line += newLines(text.substring(from, to));
      from = to;
    }
  }

  private void count(int line, String sentence) {
    List<String> words = WORD.matcher(sentence).results().map(word -> word.group()).toList();
    if (words.size() > MAX_WORDS) {
      String[] shown = sentence.strip().split("\\s+", WORDS_SHOWN + 1);
      found.add(
          new LongSentence(
              line, words.size(), String.join(" ", List.of(shown).subList(0, WORDS_SHOWN))));
    }
  }

  /** Replaces what does not count, and keeps its line breaks so that line numbers stay right. */
  private static String blank(Pattern pattern, String text, String by) {
    return pattern.matcher(text).replaceAll(part -> by + "\n".repeat(newLines(part.group())));
  }

  private static int newLines(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }

  private static void selfTest() {
    String thirtySix = "word ".repeat(35) + "end";
    expect("a paragraph over two lines", "# T\n\n" + thirtySix.replaceFirst(" ", "\n"), 3);
    expect("the second sentence", "One. Two e.g. three.\n" + thirtySix, 2);
    expect("an abbreviation", "word ".repeat(20) + "e.g. " + "word ".repeat(15), 1);
    expect("an item after a table", "| a |\n|---|\n- x\n- " + thirtySix, 4);
    expect("a quotation", "> " + thirtySix, 1);
    expect("the longest that passes", "word ".repeat(35), 0);
    expect(
        "a colon, a bracket and bold type",
        "word ".repeat(30) + "a: b (c.) **d.** " + "word ".repeat(30),
        0);
    expect(
        "items",
        "- " + "word ".repeat(30) + "\n  - " + "word ".repeat(30) + "\n1. " + "word ".repeat(30),
        0);
    expect(
        "code and tables",
        "```\n" + thirtySix + "\n```\n| " + thirtySix + " |\n\n    " + thirtySix,
        0);
    expect(
        "code and link targets in a line", "`" + thirtySix + "` [a](b \"" + thirtySix + "\")", 0);
    expect("a comment", "<!-- a\n" + thirtySix + "\n-->", 0);
    MarkdownCheck page =
        check(
            "# `a.b_c` of *C*\n\n## A [d](e.md#f): g\n| [h](i(j).md) | `[k](l)` |\n# A d g\n\n[m]: n");
    Set<String> anchors = Set.of("ab_c-of-c", "a-d-g", "a-d-g-1");
    if (!page.anchors.equals(anchors)) {
      throw new AssertionError("anchors: expected " + anchors + ", found " + page.anchors);
    }
    List<Link> links = List.of(new Link(3, "e.md#f"), new Link(4, "i(j).md"), new Link(7, "n"));
    if (!page.links.equals(links)) {
      throw new AssertionError("links: expected " + links + ", found " + page.links);
    }
  }

  /**
   * @param line of the one sentence that is too long; 0 for none
   */
  private static void expect(String what, String text, int line) {
    List<LongSentence> found = check(text).found;
    if (line == 0 ? !found.isEmpty() : found.size() != 1 || found.get(0).line != line) {
      throw new AssertionError(what + ": expected line " + line + ", found " + found);
    }
  }
}
