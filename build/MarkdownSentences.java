import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds sentences of Markdown files that are too long to read. {@code mvn validate} runs it:
 *
 * <pre>java build/MarkdownSentences.java [--self-test] FILE_OR_FOLDER...</pre>
 *
 * <p>A sentence ends at one of {@code . ! ? : ;} before white space, at a middle dot between links,
 * and with its paragraph, list item or heading. Tables, code, HTML and link targets do not count.
 * Exit code 1 means that a sentence is too long. This source has ASCII characters only, because
 * Java reads it as the locale says.
 */
public final class MarkdownSentences {
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
  private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^>]*>");
  private static final Pattern END =
      Pattern.compile(
          "(?<!\\b(?:e\\.g|i\\.e|cf|vs|approx)\\.)(?<=[.!?:;\\u00b7][)\"'*_\\]\\u201d]{0,3})\\s+");
  private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");

  /** One sentence that is too long, and where it begins. */
  private record LongSentence(int line, int words, String beginning) {}

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
    int tooLong = 0;
    for (Path file : files) {
      for (LongSentence s : check(Files.readString(file))) {
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

  private static List<LongSentence> check(String text) {
    MarkdownSentences check = new MarkdownSentences();
    check.read(blank(COMMENT, text, "").split("\\R", -1));
    return check.found;
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
      } else if (fenced.matches()) {
        endBlock();
        fence = fenced.group(1);
      } else if (line.isBlank() || line.strip().startsWith("|") || RULE.matcher(line).matches()) {
        endBlock();
      } else if (HEADING.matcher(line).matches()) {
        endBlock();
        add(i, line);
        endBlock();
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
  }

  /**
   * @param line of the one sentence that is too long; 0 for none
   */
  private static void expect(String what, String text, int line) {
    List<LongSentence> found = check(text);
    if (line == 0 ? !found.isEmpty() : found.size() != 1 || found.get(0).line != line) {
      throw new AssertionError(what + ": expected line " + line + ", found " + found);
    }
  }
}
