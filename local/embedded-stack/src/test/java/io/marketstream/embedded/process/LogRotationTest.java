package io.marketstream.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.marketstream.embedded.child.RotatingLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real child JVMs that write more than their log may hold. */
class LogRotationTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final List<ComponentProcess> started = new ArrayList<>();

  @AfterEach
  void leaveNothingBehind() {
    started.forEach(ComponentProcess::kill);
  }

  @Test
  void theNewestLinesAreKeptWithoutALossAndTheRestIsBounded() throws Exception {
    int lines = 60_000; // about 840 KB: more than the log and its three older parts hold
    ComponentProcess child = ready("lines", Integer.toString(lines));

    List<Path> parts =
        Stream.of(3, 2, 1).map(age -> RotatingLog.old(child.log().file(), age)).toList();
    List<String> kept = new ArrayList<>();
    for (Path part : parts) {
      assertThat(Files.size(part)).isBetween(TestChild.LOG_LIMIT * 9L / 10, limit());
      kept.addAll(Files.readAllLines(part));
    }
    assertThat(Files.size(child.log().file())).isLessThanOrEqualTo(limit());
    kept.addAll(Files.readAllLines(child.log().file()));
    assertThat(kept).endsWith("ready");
    int first = lines - (kept.size() - 1);
    assertThat(kept.subList(0, kept.size() - 1))
        .isEqualTo(IntStream.range(first, lines).mapToObj(i -> "line " + i + " é").toList());
    assertThat(folder.toFile().list((in, name) -> name.startsWith("child.log"))).hasSize(4);
  }

  @Test
  void theTailOfAProcessGoesBackIntoTheOlderPart() throws Exception {
    Files.writeString(folder.resolve("child.log"), "ERROR of the first life\n".repeat(4_000));

    ComponentProcess child = ready("lines", "1000"); // the log is full after a part of them

    List<String> tail = child.log().tail();
    assertThat(RotatingLog.old(child.log().file(), 1)).exists();
    assertThat(tail).hasSize(1001).startsWith("line 0 é", "line 1 é").endsWith("ready");
  }

  @Test
  void whatTheJvmItselfSaysIsInTheNewestPart() {
    ComponentProcess child = start("lines", "60000", Integer.toString(Integer.MAX_VALUE - 8));

    assertThat(child.awaitExit(BOUND)).isTrue();

    assertThat(child.failure("stopped"))
        .hasMessageContaining("java.lang.OutOfMemoryError")
        .extracting(failure -> failure.log().orElseThrow())
        .isEqualTo(child.log().file());
    assertThat(child.log().file()).content().contains("Terminating due to java.lang.OutOfMemory");
  }

  private static long limit() {
    return TestChild.LOG_LIMIT;
  }

  private ComponentProcess ready(String mode, String... arguments) {
    ComponentProcess process = start(mode, arguments);
    process.awaitReady(BOUND, () -> process.log().tail().contains("ready"));
    return process;
  }

  private ComponentProcess start(String mode, String... arguments) {
    ComponentProcess process =
        ComponentProcess.start(
            TestChild.command(folder, mode, arguments), folder.resolve("classes"));
    started.add(process);
    return process;
  }
}
