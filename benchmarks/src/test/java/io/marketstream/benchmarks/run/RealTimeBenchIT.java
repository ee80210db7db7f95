package io.marketstream.benchmarks.run;

import com.datastax.oss.driver.api.core.CqlSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The latency of the real-time mode, compared with a plain consumer and with batches.
 *
 * <p>All contenders run at the same time, and their topics get ticks in turns of a few seconds. So
 * they share the machine's good and bad moments, and an idle contender costs little.
 * docs/performance.md has the method.
 */
@Tag("bench")
class RealTimeBenchIT {
  private static final int ROUNDS = Integer.getInteger("marketstream.bench.rounds", 6);
  private static final int SYMBOLS = Integer.getInteger("marketstream.bench.symbols", 50);
  private static final int RATE = Integer.getInteger("marketstream.bench.rate", 1_000);

  /** How long each contender gets ticks in a round. The first second does not count. */
  private static final int SECONDS = Integer.getInteger("marketstream.bench.seconds", 10);

  /** How long each contender gets ticks before the first round. */
  private static final int WARM_UP_SECONDS = Integer.getInteger("marketstream.bench.warm-up", 60);

  private static final long PAUSE_MS = 1_500;
  private static final long WARM_UP_ROWS = 100_000;

  /** A contender with its topic, and what was measured. */
  private static final class Turns implements AutoCloseable {
    final BenchRun run;
    final BenchLoad load;

    /** From and until, epoch ms. */
    final List<long[]> periods = new ArrayList<>();

    Duration processorTime = Duration.ZERO;

    Turns(BenchStores stores, Contender contender) {
      String topic = stores.newTopic();
      this.run = new BenchRun(stores, contender, topic).start();
      this.load = BenchLoad.start(stores, topic, SYMBOLS, RATE);
      load.pause();
    }

    void take(int seconds, boolean counts) throws InterruptedException {
      Duration before = run.processorTime();
      long from = System.currentTimeMillis();
      load.resume();
      TimeUnit.SECONDS.sleep(seconds);
      load.pause();
      if (counts) {
        periods.add(new long[] {from + 1000, System.currentTimeMillis()});
        processorTime = processorTime.plus(run.processorTime().minus(before));
      }
      Thread.sleep(PAUSE_MS); // what is on its way must not disturb the next contender
      run.requireRunning();
    }

    @Override
    public void close() {
      load.close();
      run.close();
    }
  }

  @Test
  void latency() throws Exception {
    List<Turns> all = new ArrayList<>();
    try (BenchStores stores = BenchStores.start();
        CqlSession session = stores.cassandra.session()) {
      LimitRun.of(
          stores, 50, WARM_UP_ROWS, SYMBOLS, Instant.now().minusSeconds(7_200).toEpochMilli());
      BenchReport report =
          new BenchReport(
                  "real-time",
                  Map.of("kafka", stores.kafka.version(), "cassandra", stores.cassandra.version()),
                  BenchReport.line(
                      "symbols",
                      SYMBOLS,
                      "ticks_per_s",
                      RATE,
                      "seconds",
                      SECONDS,
                      "rounds",
                      ROUNDS))
              .plottedBy(BenchPlots.latency("Latency from the stamp to the row"));
      try {
        for (Contender contender :
            List.of(Contender.PLAIN, Contender.REAL_TIME, Contender.NEWEST_SPARK)) {
          all.add(new Turns(stores, contender));
        }
        report.spark(all.get(0).run.sparkVersion());
        for (Turns turns : all) {
          turns.take(WARM_UP_SECONDS, false);
        }
        for (int round = 1; round <= ROUNDS; round++) {
          for (Turns turns : all) {
            turns.take(SECONDS, true);
          }
        }
        report(report, session, all);
      } finally {
        all.forEach(Turns::close);
      }
    }
  }

  private static void report(BenchReport report, CqlSession session, List<Turns> all)
      throws InterruptedException {
    Map<String, List<double[]>> latencies = new LinkedHashMap<>();
    for (Turns turns : all) {
      String label = turns.run.contender().label();
      StoredTicks stored = new Completion(session, turns.run).awaitTicks(turns.load.stop());
      List<double[]> rounds =
          turns.periods.stream().map(period -> stored.latenciesMs(period[0], period[1])).toList();
      latencies.put(label, rounds);
      double[] sorted = rounds.stream().flatMapToDouble(DoubleStream::of).sorted().toArray();
      Map<String, Object> line = BenchPlots.latencyLine(1, label, sorted);
      line.put("cores", turns.processorTime.toMillis() / 1000.0 / (ROUNDS * SECONDS));
      report.run(line);
      report.summarize(label + ", p50 ms", quantiles(rounds, 0.5));
      report.summarize(label + ", p99 ms", quantiles(rounds, 0.99));
    }
    String realTime = Contender.REAL_TIME.label();
    for (Contender other : List.of(Contender.PLAIN, Contender.NEWEST_SPARK)) {
      for (double quantile : new double[] {0.5, 0.99}) {
        List<Double> above = quantiles(latencies.get(realTime), quantile);
        List<Double> below = quantiles(latencies.get(other.label()), quantile);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          ratios.add(above.get(round) / below.get(round));
        }
        report.summarize(
            realTime + " / " + other.label() + ", p" + Math.round(quantile * 100), ratios);
      }
    }
    report.print();
  }

  private static List<Double> quantiles(List<double[]> rounds, double quantile) {
    return rounds.stream().map(round -> BenchReport.quantile(round, quantile)).toList();
  }
}
