package io.marketstream.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.spark.settings.JobOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** To update the page, run {@code mvn test -Dmarketstream.docs.write=true}. */
class JobDocumentationTest {
  private static final Path ROOT = Path.of(System.getProperty("marketstream.root"));
  private static final Path PAGE = ROOT.resolve("docs/job.md");
  private static final String BEGIN = "<!-- options: generated, do not edit -->\n";
  private static final String END = "<!-- end of options -->";

  /** Matches the messages that the page quotes from the job. A … in them replaces a value. */
  private static final Pattern QUOTED =
      Pattern.compile("^\\*\\*`([^`]+)`\\*\\*", Pattern.MULTILINE);

  private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

  @Test
  void thePageShowsTheOptionsAsTheyAre() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    String generated = optionTable();
    if (Boolean.getBoolean("marketstream.docs.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + generated + page.substring(end));
    } else {
      assertThat(page.substring(begin, end))
          .as(PAGE + "; -Dmarketstream.docs.write=true brings it up to date")
          .isEqualTo(generated);
    }
  }

  @Test
  void theQuotedMessagesAreThoseOfTheCode() throws IOException {
    String code = sources();
    List<String> quoted =
        QUOTED.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();

    assertThat(quoted).hasSizeGreaterThan(10);
    for (String message : quoted) {
      // Not contains(): a failure would print all of the code.
      assertThat(message.split("…")).as(message).allMatch(code::contains);
    }
  }

  private static String optionTable() {
    return "| option | default | meaning |\n|---|---|---|\n"
        + CommandSpec.forAnnotatedObject(new JobOptions()).options().stream()
            .map(JobDocumentationTest::row)
            .collect(Collectors.joining());
  }

  private static String row(OptionSpec option) {
    String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
    String value = option.defaultValue() == null ? "" : "`" + option.defaultValue() + "`";
    String meaning =
        String.join(" ", option.description())
            .replace(" Default: " + option.defaultValue(), "")
            .replace(" Required.", "");
    return "| `"
        + cell(option.longestName() + label)
        + "` | "
        + (option.required() ? "required" : value)
        + " | "
        + cell(meaning)
        + " |\n";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  /** Returns the code of the job, with each message joined into one literal. */
  private static String sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("spark-job/src/main/java"))) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        all.append(CONCATENATION.matcher(Files.readString(file)).replaceAll(""));
      }
      return all.toString();
    }
  }
}
