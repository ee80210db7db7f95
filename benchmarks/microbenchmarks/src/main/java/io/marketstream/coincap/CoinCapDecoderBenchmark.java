package io.marketstream.coincap;

import io.marketstream.feed.protocol.FeedEvent;
import io.marketstream.microbenchmarks.SampleTrade;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Frames of CoinCap's with the prices of twenty assets each. An operation is one price. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoinCapDecoderBenchmark {
  static final int PER_FRAME = 20;

  /** Twenty of them. */
  static final List<String> ASSETS =
      List.of(
          "bitcoin",
          "ethereum",
          "tether",
          "binance-coin",
          "solana",
          "usd-coin",
          "xrp",
          "dogecoin",
          "cardano",
          "tron",
          "avalanche",
          "shiba-inu",
          "chainlink",
          "polkadot",
          "bitcoin-cash",
          "near-protocol",
          "litecoin",
          "uniswap",
          "stellar",
          "monero");

  private static final int FRAMES = 1 << 9;
  private static final long SEED = 20261129;

  final String[] frames = new String[FRAMES];
  private CoinCapDecoder decoder;
  private int next;

  @Setup
  public void makeFrames() {
    decoder = new CoinCapDecoder(Set.copyOf(ASSETS)::contains);
    Random random = new Random(SEED);
    for (int i = 0; i < FRAMES; i++) {
      frames[i] =
          ASSETS.stream()
              .map(asset -> "\"%s\":\"%s\"".formatted(asset, price(random)))
              .collect(Collectors.joining(",", "{", "}"));
    }
  }

  private static String price(Random random) {
    return random.nextInt(20_000) + "." + (10_000 + random.nextInt(90_000));
  }

  /** As the connector decodes: {@link PriceScanner} reads these frames. */
  @Benchmark
  @OperationsPerInvocation(PER_FRAME)
  public List<FeedEvent> scanner() {
    return decoder.decode(frame(), SampleTrade.RECEIVED_AT);
  }

  /** With the JSON parser, as the connector decodes frames that the scanner leaves to it. */
  @Benchmark
  @OperationsPerInvocation(PER_FRAME)
  public List<FeedEvent> parser() {
    return decoder.parse(frame(), SampleTrade.RECEIVED_AT);
  }

  private String frame() {
    return frames[next++ & (FRAMES - 1)];
  }
}
