package io.marketstream.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class SvgScreenshotTest {
  private static final Snapshot SNAPSHOT =
      new Snapshot(
          Instant.parse("2026-11-23T10:30:00Z"),
          "Finnhub SIMULATED & CoinCap <live>",
          URI.create("http://127.0.0.1:8080"),
          Duration.ofSeconds(65),
          Optional.empty(),
          1_234,
          60,
          Optional.empty(),
          0,
          0,
          Optional.empty(),
          List.of());

  @TempDir Path folder;

  @Test
  void itIsWellFormedAndHoldsEachLine() throws Exception {
    Document svg = parsed(SvgScreenshot.svg("up", List.of("a < b & c", "", "third"), 20));

    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(texts(svg)).containsExactly("up", "a < b & c", "third");
  }

  @Test
  void theLastTableBeforeTheEndIsKept() throws Exception {
    Path file = folder.resolve("up.svg");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Console console =
        Console.withScreenshot(
            Console.plain(new PrintStream(out, true, StandardCharsets.UTF_8)), file)) {
      console.show(SNAPSHOT);
      assertThat(file).doesNotExist();
      console.endOfTable();
    }

    assertThat(texts(parsed(Files.readString(file))))
        .anyMatch(line -> line.contains("Finnhub SIMULATED & CoinCap <live>"))
        .anyMatch(line -> line.contains("1,234 ticks"));
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("screenshot: " + file);
  }

  @Test
  void aPictureThatCannotBeWrittenDoesNotEndTheRun() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Console console =
        Console.withScreenshot(
            Console.plain(new PrintStream(out, true, StandardCharsets.UTF_8)), folder)) {
      console.show(SNAPSHOT);
      console.endOfTable();
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("could not be written");
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> texts(Document svg) {
    NodeList nodes = svg.getElementsByTagName("text");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }
}
