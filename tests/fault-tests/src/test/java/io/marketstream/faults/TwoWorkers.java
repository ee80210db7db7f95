package io.marketstream.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.marketstream.local.component.ComponentSettings;
import io.marketstream.local.component.ConnectSetup;
import io.marketstream.local.component.ConnectWorker;
import io.marketstream.local.component.FreePorts;
import io.marketstream.local.maven.MavenComponents;
import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The worker of a pipeline and a second worker of its group, both with the shipped timeouts. */
final class TwoWorkers implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(180);

  final RealComponents pipeline;
  private final ConnectWorker second;

  /**
   * @param home for all data and logs
   */
  TwoWorkers(Path home) {
    pipeline = RealComponents.withShippedWorker(home);
    second =
        new MavenComponents(RealComponents.ROOT)
            .connect(
                ComponentSettings.in(home, "connect-2", FreePorts.next(), 384),
                ConnectSetup.distributed(
                    RealComponents.ROOT.resolve("connect-configs/connect-distributed.properties"),
                    pipeline.kafka.bootstrapServers(),
                    home.resolve("plugins")));
  }

  TwoWorkers start() throws Exception {
    pipeline.start();
    second.start();
    return this;
  }

  /** Returns the other of the two workers. */
  ConnectWorker other(ConnectWorker worker) {
    return worker == second ? pipeline.connect : second;
  }

  /** Waits until the second worker knows which worker runs the task, and returns that worker. */
  ConnectWorker awaitOwner(String connector) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> !task(second, connector).isMissingNode());
    String id = task(second, connector).path("worker_id").asText();
    return List.of(pipeline.connect, second).stream()
        .filter(worker -> worker.restUri().getAuthority().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no worker is called " + id));
  }

  /** Whether {@code worker} reports that it runs the connector's task itself. */
  boolean runs(ConnectWorker worker, String connector) {
    JsonNode task = task(worker, connector);
    return task.path("worker_id").asText().equals(worker.restUri().getAuthority())
        && task.path("state").asText().equals("RUNNING");
  }

  private static JsonNode task(ConnectWorker asked, String connector) {
    return asked.rest().status(connector).path("tasks").path(0);
  }

  @Override
  public void close() {
    if (second.isRunning()) {
      second.stop();
    }
    pipeline.close();
  }
}
