package io.marketstream.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher's own log, as its configuration bounds it. */
class LauncherLogTest {
  private static final int LIMIT = 2_000;

  @TempDir Path temporary;

  /** The second name is of a folder in UnusualMachineIT. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "bö rse (it's) & 100% +=@~^"})
  void aFullLogIsRotatedAndTheNewestLinesStay(String name) throws Exception {
    Path folder = Files.createDirectories(temporary.resolve(name));
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.putProperty("marketstream.logs", folder.toString());
    context.putProperty("marketstream.log.limit.bytes", Integer.toString(LIMIT));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(getClass().getResource("/io/marketstream/local/launcher-logback.xml"));
    Path log = folder.resolve("market-stream.log");
    Path old = folder.resolve("market-stream.log.1");
    Logger logger = context.getLogger("io.marketstream.Test");
    try {
      logger.warn("x".repeat(LIMIT));

      await()
          .until(
              () -> {
                logger.warn("short");
                return Files.exists(old);
              });
      logger.warn("the newest");
    } finally {
      context.stop();
    }

    assertThat(old).content().contains("x".repeat(LIMIT));
    assertThat(log).content().contains("the newest").doesNotContain("xx");
    assertThat(List.of(folder.toFile().list()))
        .containsExactlyInAnyOrder("market-stream.log", "market-stream.log.1");
  }
}
