package io.marketstream.pipeline.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The read API while its database is away. */
@Tag("job")
@Tag("extended")
class ReadApiOutageIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @Test
  void theApiRecoversWithoutARestart(@TempDir Path home) {
    try (TestStack stores = TestStack.storesOnly(home).start();
        ApiRun api = new ApiRun(stores, stores.newKeyspace("api"))) {
      await().atMost(TIMEOUT).until(() -> api.get("/health").statusCode() == 200);

      stores.cassandra.kill();

      await().atMost(TIMEOUT).until(() -> api.get("/health").statusCode() == 503);
      var refused = api.get("/api/symbols");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(api.get("/health/live").statusCode()).isEqualTo(200);

      stores.cassandra.start();

      await().atMost(TIMEOUT).until(() -> api.get("/api/symbols").statusCode() == 200);
      await().atMost(TIMEOUT).until(() -> api.get("/health").statusCode() == 200);
    }
  }

  /** The API may be started before the tables exist. */
  @Test
  void theApiStartsBeforeItsTables(@TempDir Path home) {
    try (TestStack stores = TestStack.storesOnly(home).start();
        ApiRun api = new ApiRun(stores, "later")) {
      assertThat(api.get("/api/symbols").statusCode()).isEqualTo(503);

      stores.cassandra.applySchema(TestStack.ROOT.resolve("cassandra-cql"), "later");
      try (CqlSession cassandra = stores.session()) {
        new SymbolDays(cassandra, "later", "A", LocalDate.of(2026, 3, 2), 1, new Random(1));
      }

      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                assertThat(api.get("/api/symbols").statusCode()).isEqualTo(200);
                assertThat(api.json("/api/symbols").get("symbols")).hasSize(1);
              });
    }
  }
}
