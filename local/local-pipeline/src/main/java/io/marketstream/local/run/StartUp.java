package io.marketstream.local.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.marketstream.embedded.component.Component;
import io.marketstream.embedded.component.FeedSimulator;
import io.marketstream.embedded.process.ComponentException;
import io.marketstream.local.console.Console;
import io.marketstream.local.measure.Measurement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Brings the parts of a pipeline up, each as soon as what it needs is there. Cassandra takes
 * longest and needs nothing, so it starts beside Kafka and the worker.
 */
final class StartUp {
  private final RunOptions options;
  private final DataDirectory data;
  private final LocalStack parts;
  private final Console console;
  private final Clock clock;
  private volatile Measurement measurement;

  StartUp(RunOptions options, DataDirectory data, LocalStack parts, Console console, Clock clock) {
    this.options = options;
    this.data = data;
    this.parts = parts;
    this.console = console;
    this.clock = clock;
  }

  /**
   * Returns when everything runs; the simulators then send.
   *
   * @throws ComponentException when something did not start
   * @throws CancellationException when the request came first; nothing is being started any more,
   *     but what was started still runs
   */
  Measurement run(ShutdownSignal request) {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      CompletableFuture<Void> all = steps(threads);
      CompletableFuture.anyOf(all, request.requested()).join();
      if (request.isRequested()) {
        throw new CancellationException("asked to stop");
      }
      return measurement;
    } catch (CompletionException e) {
      if (request.isRequested()) {
        throw new CancellationException("asked to stop");
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      endThreads(threads);
    }
  }

  /** What was begun to be measured, null before Kafka ran. */
  Measurement measurement() {
    return measurement;
  }

  private CompletableFuture<Void> steps(ExecutorService threads) {
    CompletableFuture<Void> failed = new CompletableFuture<>();
    CompletableFuture<Void> simulator = step(threads, failed, this::startSimulator);
    CompletableFuture<Void> cassandra = step(threads, failed, this::startCassandra);
    CompletableFuture<Void> kafka = step(threads, failed, this::startKafka);
    CompletableFuture<Void> worker =
        kafka.thenCompose(ready -> step(threads, failed, this::startWorker));
    CompletableFuture<Void> job =
        CompletableFuture.allOf(cassandra, kafka)
            .thenCompose(ready -> step(threads, failed, this::startJob));
    CompletableFuture<Void> tables =
        CompletableFuture.allOf(cassandra, kafka)
            .thenCompose(ready -> step(threads, failed, this::readTables));
    // Last, so that no feed is silent towards its connector for as long as the job takes to start.
    CompletableFuture<Void> connectors =
        CompletableFuture.allOf(simulator, worker, job, tables)
            .thenCompose(ready -> step(threads, failed, this::startConnectors));
    CompletableFuture<Void> all =
        connectors.thenRun(() -> parts.simulator().ifPresent(FeedSimulator::resumeSending));
    return CompletableFuture.anyOf(all, failed).thenApply(done -> null);
  }

  /**
   * One step on a thread of its own; its failure is the failure of all, without waiting for the
   * others.
   */
  private static CompletableFuture<Void> step(
      ExecutorService threads, CompletableFuture<Void> failed, Runnable work) {
    CompletableFuture<Void> step = CompletableFuture.runAsync(work, threads);
    step.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            failed.completeExceptionally(
                failure instanceof CompletionException ? failure.getCause() : failure);
          }
        });
    return step;
  }

  private void startSimulator() {
    parts
        .simulator()
        .ifPresent(
            simulator -> {
              start(simulator, "simulated feeds");
              // What is sent before the job reads would be measured as slow, which it is not.
              simulator.pauseSending();
            });
  }

  private void startCassandra() {
    start(parts.cassandra(), "Cassandra");
    Path folder = options.root().resolve("cassandra-cql");
    parts.cassandra().applySchema(folder, LocalStack.KEYSPACE);
  }

  private void startKafka() {
    start(parts.kafka(), "Kafka");
    measurement = new Measurement(clock, parts.kafka());
  }

  private void startWorker() {
    installPlugins();
    start(parts.connect(), "Kafka Connect");
  }

  private void startConnectors() {
    ConnectorDeployment connectors = new ConnectorDeployment(parts.connect());
    connectors.requireWorkerOf(parts.kafka().clusterId());
    ConnectorConfigs configs = new ConnectorConfigs(options.root().resolve("connect-configs"));
    for (Feed feed : Feed.values()) {
      ObjectNode connector =
          options.feeds().isLive(feed)
              ? configs.live(feed)
              : configs.simulated(feed, parts.simulator().orElseThrow());
      connectors.start(connector);
      console.line(
          "  connector "
              + connector.path("name").asText()
              + ": running, "
              + (options.feeds().isLive(feed) ? "live" : "SIMULATED"));
    }
  }

  private void readTables() {
    measurement.readTables(parts.cassandra(), LocalStack.KEYSPACE);
  }

  private void startJob() {
    start(parts.spark(), "Spark job");
  }

  private void start(Component component, String title) {
    String what = title + " " + component.version();
    console.begin(what);
    component.start();
    console.done(what, "ready after " + DurationText.shown(component.startup()));
  }

  private void installPlugins() {
    // Of two versions of a plugin the worker takes the higher one, whichever was built last.
    try {
      FileTree.delete(data.plugins());
    } catch (IOException e) {
      throw new UsageException("Cannot empty " + data.plugins() + ": " + e.getMessage(), e);
    }
    List<Path> zips =
        Stream.of(Feed.values()).map(feed -> PluginArchives.find(options.root(), feed)).toList();
    for (Path zip : zips) {
      try {
        PluginArchives.unpack(zip, data.plugins());
      } catch (IOException e) {
        throw new UsageException(
            "Cannot unpack " + zip + " to " + data.plugins() + ": " + e.getMessage(), e);
      }
    }
  }

  private static void endThreads(ExecutorService threads) {
    threads.shutdownNow();
    try {
      threads.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
