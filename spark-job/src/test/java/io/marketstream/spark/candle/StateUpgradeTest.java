package io.marketstream.spark.candle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marketstream.model.CandleInterval;
import io.marketstream.spark.record.Tick;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The job continues from the state of an earlier version as from its own. It refuses state that is
 * too old, with advice. Each version has a file with its state. {@code
 * -Dmarketstream.docs.write=true} writes the file of a new version, and never changes those of
 * older ones.
 */
class StateUpgradeTest {
  private static final int SEED = 20261125;
  private static final int HALF = 200;
  private static final int FIRST_VERSION_WITH_HOLES = 4;

  private final FoldRules rules =
      new FoldRules(
          List.of(CandleInterval.parse("1m"), CandleInterval.parse("1h")),
          120_000,
          TradeConditions.finnhub());

  static List<Integer> versions() {
    return IntStream.rangeClosed(SymbolFoldCodec.OLDEST_VERSION, SymbolFoldCodec.VERSION)
        .boxed()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void theJobContinuesFromTheStateOfEveryVersion(int version) throws IOException {
    List<Tick> ticks = ticks(version);
    SymbolFold whole = new SymbolFold(rules);
    ticks.subList(0, HALF).forEach(whole::add);
    if (version < FIRST_VERSION_WITH_HOLES) {
      whole.holes.giveUpAll(); // a state of that version does not have them
    }
    whole.takeChangedCandles("finnhub", "AAPL");
    whole.takeChangedLatest();
    byte[] current = new SymbolFoldCodec(rules).encode(whole);
    if (version == SymbolFoldCodec.VERSION && Boolean.getBoolean("marketstream.docs.write")) {
      write(version, current);
    }

    SymbolFold upgraded = new SymbolFoldCodec(rules).decode(read(version));
    assertThat(new SymbolFoldCodec(rules).encode(upgraded)).isEqualTo(current);
    ticks.subList(HALF, 2 * HALF).forEach(whole::add);
    ticks.subList(HALF, 2 * HALF).forEach(upgraded::add);
    assertThat(upgraded.takeChangedCandles("finnhub", "AAPL"))
        .isEqualTo(whole.takeChangedCandles("finnhub", "AAPL"))
        .isNotEmpty();
    assertThat(upgraded.takeChangedLatest()).isEqualTo(whole.takeChangedLatest()).isNotNull();
    assertThat(upgraded.counts().late()).isPositive();
  }

  /** Version 1 had other rules for trade conditions, so half of each candle would be wrong. */
  @Test
  void stateOfVersionOneIsRefusedWithAdvice() throws IOException {
    byte[] state = read(1);

    assertThatThrownBy(() -> new SymbolFoldCodec(rules).decode(state))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the checkpoint holds state of version 1, this job reads version 4: run the job that"
                + " wrote it, or start with a new --checkpoint to rebuild the tables");
  }

  /**
   * The ticks of a version have what its state can hold: trade ids from version 3, and repairs of
   * holes from version 4.
   */
  private static List<Tick> ticks(int version) {
    TickGenerator generator = new TickGenerator(SEED);
    List<Tick> ticks = generator.ticks(2 * HALF);
    if (version < 3) {
      return ticks;
    }
    return version < FIRST_VERSION_WITH_HOLES
        ? generator.withTradeIds(ticks)
        : generator.withIrregularIds(ticks);
  }

  private static byte[] read(int version) throws IOException {
    try (InputStream in = StateUpgradeTest.class.getResourceAsStream(name(version))) {
      assertThat(in).as(name(version)).isNotNull();
      String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
  }

  private static void write(int version, byte[] state) throws IOException {
    Path file = Path.of("src/test/resources/io/marketstream/spark/candle").resolve(name(version));
    Files.createDirectories(file.getParent());
    Files.writeString(file, HexFormat.of().formatHex(state).replaceAll("(.{120})", "$1\n") + "\n");
  }

  private static String name(int version) {
    return "fold-state-" + version + ".hex";
  }
}
