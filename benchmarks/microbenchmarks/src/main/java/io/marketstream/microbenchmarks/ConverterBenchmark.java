package io.marketstream.microbenchmarks;

import io.marketstream.feed.convert.FlatJsonConverter;
import io.marketstream.feed.record.MarketTick;
import io.marketstream.model.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The value of a tick becomes JSON without a schema. An operation is one tick. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ConverterBenchmark {
  static final int TICKS = 1 << 12;
  private static final String TOPIC = Topics.TICKS;

  private final Struct[] ticks = new Struct[TICKS];
  private final Converter flat = new FlatJsonConverter();
  private final Converter kafkas = new JsonConverter();
  private int next;

  @Setup
  public void makeTicks() {
    Map<String, String> withoutSchemas = Map.of("schemas.enable", "false");
    flat.configure(withoutSchemas, false);
    kafkas.configure(withoutSchemas, false);
    List<SampleTrade> trades = SampleTrade.list(TICKS);
    for (int i = 0; i < TICKS; i++) {
      ticks[i] = trades.get(i).toTick(i).toStruct();
    }
  }

  /** With the converter of the shipped configurations. */
  @Benchmark
  public byte[] flatJsonConverter() {
    return flat.fromConnectData(TOPIC, MarketTick.SCHEMA, tick());
  }

  /** With Kafka's own. */
  @Benchmark
  public byte[] jsonConverter() {
    return kafkas.fromConnectData(TOPIC, MarketTick.SCHEMA, tick());
  }

  private Struct tick() {
    return ticks[next++ & (TICKS - 1)];
  }
}
