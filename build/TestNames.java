import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Checks that each class of {@code -Dtest=} or {@code -Dit.test=} exists. Maven itself must not
 * check it, because most modules have no test of that name. {@code mvn validate} runs it:
 *
 * <pre>java build/TestNames.java [--self-test] CLASSES FOLDER</pre>
 *
 * <p>It reads the syntax of Surefire: commas between classes, {@code #} before methods, the
 * wildcards {@code *} and {@code ?}, and {@code !} before an exclusion. It does not check methods
 * and regular expressions. {@code -Dtest=None} stands for no test. Exit code 1 means that a class
 * is missing. This source has ASCII characters only, because Java reads it as the locale says.
 */
public final class TestNames {
  private static final String NO_TEST = "None";
  private static final int MAX_SIMILAR = 3;

  public static void main(String[] args) throws IOException {
    int first = 0;
    if (args[0].equals("--self-test")) {
      selfTest();
      first++;
    }
    List<String> missing = missing(args[first], findTests(Path.of(args[first + 1])));
    missing.forEach(System.out::println);
    if (!missing.isEmpty()) {
      System.exit(1);
    }
  }

  /** Returns the names of all test classes, with their packages: {@code io/market/FirstTest}. */
  private static TreeSet<String> findTests(Path root) throws IOException {
    TreeSet<String> tests = new TreeSet<>();
    Path folderOfTests = Path.of("src", "test", "java");
    Files.walkFileTree(
        root.normalize(),
        new SimpleFileVisitor<>() {
          private Path tree = root;

          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            if (folder.endsWith(folderOfTests)) {
              tree = folder;
            }
            return name.equals("target") || name.equals("main") || name.startsWith(".")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.toString().replace('\\', '/');
            if (name.endsWith("Test.java") || name.endsWith("IT.java")) {
              String inTree = tree.relativize(file).toString().replace('\\', '/');
              tests.add(inTree.substring(0, inTree.length() - ".java".length()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return tests;
  }

  /** Returns one message for each part of the list that fits no test. */
  private static List<String> missing(String list, TreeSet<String> tests) {
    List<String> messages = new ArrayList<>();
    if (list.equals(NO_TEST) || list.contains("%regex[")) {
      return messages;
    }
    for (String part : list.split(",")) {
      String name =
          part.strip().replaceFirst("^!", "").replaceFirst("[#$].*", "").replace('\\', '/');
      name = name.replaceFirst("\\.(java|class)$", "").replace('.', '/');
      if (!name.isEmpty() && !fitsAny(name, tests)) {
        messages.add("There is no test " + name.replace('/', '.') + "." + similar(name, tests));
      }
    }
    return messages;
  }

  private static boolean fitsAny(String name, TreeSet<String> tests) {
    String pattern =
        name.replaceFirst("^\\*\\*/", "")
            .replaceAll("[^\\w/*?]", "\\\\$0")
            .replace("?", ".")
            .replace("*", ".*");
    Pattern fits = Pattern.compile("(.*/)?" + pattern);
    return tests.stream().anyMatch(test -> fits.matcher(test).matches());
  }

  private static String similar(String name, TreeSet<String> tests) {
    String wanted = simpleName(name);
    int most = Math.max(2, wanted.length() / 4);
    List<String> found =
        tests.stream()
            .map(TestNames::simpleName)
            .distinct()
            .filter(test -> distance(wanted, test) <= most)
            .sorted(Comparator.comparing(test -> distance(wanted, test)))
            .limit(MAX_SIMILAR)
            .toList();
    return found.isEmpty() ? "" : " Similar: " + String.join(", ", found);
  }

  private static String simpleName(String test) {
    return test.substring(test.lastIndexOf('/') + 1);
  }

  /** Returns how many letters must change, come or go (Levenshtein's distance). */
  private static int distance(String wanted, String test) {
    String a = wanted.toLowerCase(Locale.ROOT);
    String b = test.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static void selfTest() {
    TreeSet<String> tests =
        new TreeSet<>(List.of("io/a/FeedBufferTest", "io/a/ReplayIT", "io/b/JobBenchIT"));
    for (String good :
        List.of(
            "FeedBufferTest",
            "FeedBufferTest#one+two",
            "ReplayIT#one,JobBenchIT#two",
            "FeedBufferTest$Nested",
            "Feed*Test",
            "*IT",
            "ReplayI?",
            "!ReplayIT, *Test",
            "io.a.ReplayIT",
            "io/**/ReplayIT.java",
            "**/b/*",
            "%regex[.*Nothing.*]",
            "#oneMethod",
            "None")) {
      expect(good, tests, List.of());
    }
    expect(
        "FeedBuferTest", tests, List.of("There is no test FeedBuferTest. Similar: FeedBufferTest"));
    expect("ReplayIT,Gone", tests, List.of("There is no test Gone."));
    expect("!io.b.ReplayIT", tests, List.of("There is no test io.b.ReplayIT. Similar: ReplayIT"));
    expect(
        "FeedBufferTes", tests, List.of("There is no test FeedBufferTes. Similar: FeedBufferTest"));
    expect("Other*", tests, List.of("There is no test Other*."));
  }

  private static void expect(String list, TreeSet<String> tests, List<String> messages) {
    List<String> found = missing(list, tests);
    if (!found.equals(messages)) {
      throw new AssertionError(list + ": expected " + messages + ", found " + found);
    }
  }
}
