package io.marketstream.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts real child JVMs. */
class ComponentProcessTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final List<ComponentProcess> started = new ArrayList<>();

  @AfterEach
  void leaveNothingBehind() {
    started.forEach(ComponentProcess::kill);
  }

  @Test
  void aChildEndsWhenItsLauncherIsKilled() {
    ComponentProcess launcher =
        ready(TestChild.command(folder, "launcher", sub("grandchild"), "wait"));
    ProcessHandle child = grandchild(launcher);
    assertThat(child.isAlive()).isTrue();

    launcher.kill();

    await().atMost(BOUND).until(() -> !child.isAlive());
  }

  @Test
  void aChildThatHangsInItsShutdownEndsTooWhenItsLauncherIsKilled() {
    ComponentProcess launcher =
        ready(TestChild.command(folder, "launcher", sub("grandchild"), "stubborn"));
    ProcessHandle child = grandchild(launcher);

    launcher.kill();

    await().atMost(BOUND).until(() -> !child.isAlive());
  }

  @Test
  void sigtermLetsTheShutdownHooksRun() {
    ComponentProcess child = ready(TestChild.command(folder, "wait"));

    assertThat(child.terminate(BOUND)).isTrue();

    assertThat(child.exitCode()).hasValue(143);
    assertThat(child.log().tail()).contains("ended in order");
  }

  @Test
  void aChildThatDoesNotEndInTimeIsKilled() {
    ComponentProcess child = ready(TestChild.command(folder, "stubborn"));

    assertThat(child.terminate(Duration.ofMillis(500))).isFalse();

    assertThat(child.exitCode()).hasValue(137);
  }

  @Test
  void aSuspendedChildLivesAndCanBeTerminated() {
    ComponentProcess child = ready(TestChild.command(folder, "wait"));
    child.suspend();
    assertThat(child.awaitExit(Duration.ofMillis(300))).isFalse();

    assertThat(child.terminate(BOUND)).isTrue();
    assertThat(child.exitCode()).hasValue(143);
  }

  @Test
  void aChildThatFailsIsReportedWithItsLastErrorAndItsLog() {
    ComponentProcess child = start(TestChild.command(folder, "fail"));

    assertThatThrownBy(() -> child.awaitReady(BOUND, () -> false))
        .isInstanceOf(ComponentException.class)
        .hasMessage(
            "child stopped with exit code 3 before it was ready: 2026-11-23 ERROR [main] the disk is full")
        .extracting(failure -> ((ComponentException) failure).log().orElseThrow())
        .isEqualTo(folder.resolve("child.log"));
  }

  @Test
  void aLogWithoutAnErrorGivesNoReason() throws Exception {
    Path log = Files.writeString(folder.resolve("a.log"), "12:00 ERROR long ago\n");
    Files.writeString(
        log, "12:01 INFO  all is well\n".repeat(150), java.nio.file.StandardOpenOption.APPEND);

    assertThat(new ComponentLog(log, 0, 0).lastError()).isEmpty();
    Files.writeString(log, "Unrecognized VM option\n", java.nio.file.StandardOpenOption.APPEND);
    assertThat(new ComponentLog(log, 0, 0).lastError()).contains("Unrecognized VM option");
  }

  @Test
  void aChildThatIsNotReadyInTimeIsReported() {
    ComponentProcess child = start(TestChild.command(folder, "wait"));

    assertThatThrownBy(() -> child.awaitReady(Duration.ofMillis(200), () -> false))
        .isInstanceOf(ComponentException.class)
        .hasMessageContaining("was not ready after");
  }

  @Test
  void theLogOfAnEarlierProcessIsKeptAndIgnored() throws Exception {
    Files.writeString(folder.resolve("child.log"), "ready\nERROR of the first life\n");

    ComponentProcess child = ready(TestChild.command(folder, "wait"));

    assertThat(child.log().tail()).containsExactly("ready");
    assertThat(folder.resolve("child.log"))
        .content()
        .startsWith("ready\nERROR of the first life\n");
  }

  @Test
  void aSecretReachesItsProcessAndNoCommandLine() {
    String secret = "c0ffee-" + System.nanoTime();
    ComponentProcess child =
        ready(TestChild.command(folder, Map.of("FINNHUB_TOKEN", secret), "environment"));

    assertThat(child.log().tail()).contains("token=" + secret);
    String commandLine =
        ProcessHandle.of(child.pid()).orElseThrow().info().commandLine().orElse("");
    assertThat(commandLine).contains("TestChild").doesNotContain(secret);
  }

  @Test
  void aSecretOfTheLauncherIsNotInherited() {
    ComponentProcess launcher =
        ready(
            TestChild.command(
                folder,
                Map.of("FINNHUB_TOKEN", "inherited"),
                "launcher",
                sub("grandchild"),
                "environment"));
    grandchild(launcher);

    await()
        .atMost(BOUND)
        .until(
            () -> Files.readString(folder.resolve("grandchild/child.log")).contains("token=null"));
  }

  @Test
  void theMemoryOfAChildIsKnown() {
    ComponentProcess child = ready(TestChild.command(folder, "wait"));

    assertThat(child.residentBytes()).isPresent();
    assertThat(child.residentBytes().getAsLong()).isBetween(5_000_000L, 500_000_000L);
    child.kill();
    assertThat(child.residentBytes()).isEmpty();
  }

  @Test
  void aChildDoesNotGetTheTerminalsSignals() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "needs /proc");
    ComponentProcess child = ready(TestChild.command(folder, "wait"));

    assertThat(sessionOf(child.pid())).isEqualTo(child.pid());
  }

  @Test
  void withoutSetsidAChildIgnoresSigintAndKeepsItsPid() throws Exception {
    List<String> line =
        new DetachedProcess(java.util.Optional.empty())
            .wrap(
                TestChild.command(folder, "wait")
                    .commandLine(JavaCommand.packChildClasses(folder)));
    Path log = folder.resolve("child.log");
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      await().atMost(BOUND).until(() -> Files.readString(log).contains("ready"));
      new ProcessBuilder("/bin/sh", "-c", "kill -INT " + process.pid()).start().waitFor();
      assertThat(process.waitFor(1, java.util.concurrent.TimeUnit.SECONDS)).isFalse();

      process.destroy();

      assertThat(process.waitFor()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  private ComponentProcess start(JavaCommand command) {
    ComponentProcess process = ComponentProcess.start(command, folder.resolve("classes"));
    started.add(process);
    return process;
  }

  private ComponentProcess ready(JavaCommand command) {
    ComponentProcess process = start(command);
    process.awaitReady(BOUND, () -> process.log().tail().contains("ready"));
    return process;
  }

  private String sub(String name) {
    try {
      return Files.createDirectories(folder.resolve(name)).toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private ProcessHandle grandchild(ComponentProcess launcher) {
    long pid =
        launcher.log().tail().stream()
            .filter(line -> line.startsWith("child "))
            .map(line -> Long.parseLong(line.substring("child ".length())))
            .findFirst()
            .orElseThrow();
    Path log = folder.resolve("grandchild/child.log");
    await().atMost(BOUND).until(() -> Files.exists(log) && Files.readString(log).contains("ready"));
    return ProcessHandle.of(pid).orElseThrow();
  }

  private static long sessionOf(long pid) throws java.io.IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5)[3]);
  }
}
