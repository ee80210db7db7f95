package io.marketstream.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.marketstream.embedded.component.ComponentSettings;
import io.marketstream.embedded.component.FreePorts;
import io.marketstream.embedded.component.ReadApi;
import io.marketstream.embedded.maven.MavenComponents;
import io.marketstream.pipeline.TestStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the HTTP API costs beside a running pipeline with simulated feeds: the latency of candles at
 * a steady rate of requests, and the processor time of many clients of the stream. Requests start
 * at fixed times, whatever the answers do, and latency counts from these times. Some requests ask
 * only whether the API lives, which reads nothing: their latency is what the machine itself costs.
 */
@Tag("bench")
class ApiBenchIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.bench.rounds", 3);
  private static final int SYMBOLS = Integer.getInteger("marketstream.bench.symbols", 50);

  /** Ticks per second of the pipeline. */
  private static final int RATE = Integer.getInteger("marketstream.bench.rate", 100);

  private static final int SECONDS = Integer.getInteger("marketstream.bench.seconds", 60);
  private static final int REQUESTS_PER_SECOND = 200;
  private static final int STREAM_CLIENTS = 200;
  private static final int SYMBOLS_PER_CLIENT = 5;

  /** An idle request per so many requests for candles. */
  private static final int REQUESTS_PER_IDLE_ONE = 4;

  /** Until then, the JIT compilers of all components take most of two cores. */
  private static final int WARM_UP_SECONDS = 120;

  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Path home;
  private PipelineRun pipeline;
  private ReadApi api;
  private List<String> symbols;

  @BeforeEach
  void startPipelineAndApi() throws Exception {
    home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-api-");
    pipeline = new PipelineRun(home.resolve("up"), SYMBOLS, RATE);
    pipeline.startJob();
    api =
        new MavenComponents(TestStack.ROOT)
            .readApi(
                ComponentSettings.in(home, "api", FreePorts.next(), 192),
                pipeline.cassandraNode(),
                pipeline.keyspace().asInternal());
    api.start();
    await().atMost(TIMEOUT).until(() -> symbols().size() == SYMBOLS);
    symbols = symbols();
  }

  @AfterEach
  void stop() {
    if (api != null) {
      api.stop();
    }
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  void candles() throws Exception {
    BenchReport report = report("api-candles", "requests_per_s", REQUESTS_PER_SECOND);
    requestCandles(WARM_UP_SECONDS);
    List<Double> p99 = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      Duration before = BenchStores.processorTime(api);
      Latencies measured = requestCandles(SECONDS);
      double cores = cores(before, SECONDS);
      double[] latencies = measured.candles();
      p99.add(BenchReport.quantile(latencies, 0.99));
      report.run(
          BenchReport.line(
              "round", round,
              "requests", latencies.length,
              "p50 ms", BenchReport.rounded(BenchReport.quantile(latencies, 0.5)),
              "p99 ms", BenchReport.rounded(p99.get(round - 1)),
              "max ms", BenchReport.rounded(latencies[latencies.length - 1]),
              "idle p50 ms", BenchReport.rounded(BenchReport.quantile(measured.idle(), 0.5)),
              "idle p99 ms", BenchReport.rounded(BenchReport.quantile(measured.idle(), 0.99)),
              "API cores", BenchReport.rounded(cores)));
    }
    report.summarize("p99 ms", p99);
    report.print();
  }

  @Test
  void stream() throws Exception {
    BenchReport report =
        report("api-stream", "clients", STREAM_CLIENTS, "symbols_per_client", SYMBOLS_PER_CLIENT);
    List<LongAdder> received = new ArrayList<>();
    List<CompletableFuture<?>> streams = new ArrayList<>();
    for (int each = 0; each < STREAM_CLIENTS; each++) {
      LongAdder events = new LongAdder();
      received.add(events);
      streams.add(follow(each, events));
    }
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              assertThat(streams).as("ended streams").noneMatch(CompletableFuture::isDone);
              return received.stream().allMatch(each -> each.sum() > SYMBOLS_PER_CLIENT);
            });
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
    List<Double> cores = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      received.forEach(LongAdder::reset);
      Duration before = BenchStores.processorTime(api);
      TimeUnit.SECONDS.sleep(SECONDS);
      cores.add(cores(before, SECONDS));
      assertThat(streams).as("nobody was disconnected").noneMatch(CompletableFuture::isDone);
      assertThat(received).as("events of each client").noneMatch(each -> each.sum() == 0);
      long events = received.stream().mapToLong(LongAdder::sum).sum();
      report.run(
          BenchReport.line(
              "round",
              round,
              "events/s",
              events / SECONDS,
              "API cores",
              BenchReport.rounded(cores.get(round - 1))));
    }
    report.summarize("API cores", cores);
    report.print();
    streams.forEach(each -> each.cancel(true));
  }

  /**
   * The time from when each request was due until its answer was there: ms, in ascending order.
   *
   * @param idle of requests that read nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Latencies(double[] candles, double[] idle) {}

  private Latencies requestCandles(int seconds) {
    int count = seconds * REQUESTS_PER_SECOND;
    List<CompletableFuture<Double>> answers = new ArrayList<>(count);
    List<CompletableFuture<Double>> idle = new ArrayList<>(count / REQUESTS_PER_IDLE_ONE + 1);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = start + i * TimeUnit.SECONDS.toNanos(1) / REQUESTS_PER_SECOND;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      if (i % REQUESTS_PER_IDLE_ONE == 0) {
        idle.add(
            client
                .sendAsync(request("health/live"), BodyHandlers.discarding())
                .thenApply(answer -> (System.nanoTime() - due) / 1e6));
      }
      String symbol = symbols.get(i % symbols.size());
      answers.add(
          client
              .sendAsync(
                  request("api/candles?interval=1m&limit=60&symbol=" + symbol),
                  BodyHandlers.ofString())
              .thenApply(
                  answer -> {
                    double latency = (System.nanoTime() - due) / 1e6;
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    assertThat(answer.body()).contains("\"symbol\":\"" + symbol + "\"", "\"c\":\"");
                    return latency;
                  }));
    }
    return new Latencies(sorted(answers), sorted(idle));
  }

  private static double[] sorted(List<CompletableFuture<Double>> latencies) {
    return latencies.stream().mapToDouble(CompletableFuture::join).sorted().toArray();
  }

  /** Follows some symbols until it is cancelled. */
  private CompletableFuture<?> follow(int number, LongAdder events) {
    List<String> followed = new ArrayList<>();
    for (int i = 0; i < SYMBOLS_PER_CLIENT; i++) {
      followed.add(symbols.get((number * SYMBOLS_PER_CLIENT + i) % symbols.size()));
    }
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(api.address() + "/api/stream?symbols=" + String.join(",", followed)))
            .header("Accept", "text/event-stream")
            .build();
    return client.sendAsync(
        request, head -> BodySubscribers.fromLineSubscriber(new EventCounter(events)));
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create(api.address() + "/").resolve(path)).build();
  }

  private double cores(Duration before, int seconds) {
    return BenchStores.processorTime(api).minus(before).toNanos() / 1e9 / seconds;
  }

  private List<String> symbols() throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request("api/symbols"), BodyHandlers.ofString());
    List<String> names = new ArrayList<>();
    for (JsonNode symbol : JSON.readTree(answer.body()).path("symbols")) {
      names.add(symbol.path("symbol").asText());
    }
    return names;
  }

  private static BenchReport report(String name, Object... options) {
    List<Object> all =
        new ArrayList<>(
            List.of("rounds", ROUNDS, "symbols", SYMBOLS, "ticks_per_s", RATE, "seconds", SECONDS));
    all.addAll(List.of(options));
    return new BenchReport(name, Map.of(), BenchReport.line(all.toArray()));
  }

  /** Counts the events of a stream. */
  private record EventCounter(LongAdder events) implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (line.startsWith("data:")) {
        events.increment();
      }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
