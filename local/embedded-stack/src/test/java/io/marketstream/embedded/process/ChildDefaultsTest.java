package io.marketstream.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child process has the same settings, whatever the launcher's settings are. */
class ChildDefaultsTest {
  @TempDir Path folder;

  @Test
  void aChildInheritsNothingThatChangesWhatItDoes() {
    Map<String, String> odd =
        Map.of(
            "PATH", "/bin",
            "HOME", "/home/somebody",
            "LC_ALL", "tr_TR.ISO-8859-9",
            "TZ", "Asia/Kathmandu",
            "_JAVA_OPTIONS", "-Xmx1m",
            "JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
            "SPARK_LOCAL_DIRS", "/nowhere",
            "HADOOP_CONF_DIR", "/etc/hadoop",
            "CLASSPATH", "/old.jar",
            "FINNHUB_TOKEN", "secret");

    assertThat(ChildDefaults.environment(odd, Path.of("/data/tmp"), Optional.of("C.UTF-8")))
        .containsOnly(
            Map.entry("PATH", "/bin"),
            Map.entry("HOME", "/home/somebody"),
            Map.entry("LC_ALL", "C.UTF-8"),
            Map.entry("LANG", "C.UTF-8"),
            Map.entry("TZ", "UTC"),
            Map.entry("TMPDIR", "/data/tmp"),
            Map.entry("JAVA_HOME", System.getProperty("java.home")));
  }

  @Test
  void withoutAKnownUtf8LocaleTheLaunchersIsKept() {
    assertThat(
            ChildDefaults.environment(
                Map.of("LC_CTYPE", "de_DE.UTF-8", "LANG", "de_DE", "TZ", "CET"),
                Path.of("/data/tmp"),
                Optional.empty()))
        .containsEntry("LC_CTYPE", "de_DE.UTF-8")
        .containsEntry("LANG", "de_DE")
        .containsEntry("TZ", "UTC");
  }

  @Test
  void aUserIdWithoutANameGetsOne() {
    assertThat(ChildDefaults.userName("?")).isEqualTo("market-stream");
    assertThat(ChildDefaults.userName("")).isEqualTo("market-stream");
    assertThat(ChildDefaults.userName("ada")).isEqualTo("ada");
  }

  @Test
  void aChildPrintsTheSameOnEveryMachine() throws Exception {
    Path odd = Files.createDirectories(folder.resolve("börse 用户"));
    Path work = Files.exists(odd) ? odd : folder;
    ComponentProcess child =
        ComponentProcess.start(
            TestChild.command(work, "defaults", work.toString()), folder.resolve("classes"));
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> child.log().tail().contains("ready"));
      assertThat(child.log().tail())
          .contains(
              "encoding=UTF-8 names=UTF-8",
              "locale=en_US",
              "zone=UTC",
              "home=" + work,
              "argument=" + work);
    } finally {
      child.kill();
    }
  }
}
