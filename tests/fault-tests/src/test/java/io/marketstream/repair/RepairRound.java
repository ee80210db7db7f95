package io.marketstream.repair;

import io.marketstream.pipeline.TestPipeline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * What happens in one round. The seed and the number determine it.
 *
 * @param number from 1 on
 * @param losses one after the other
 * @param history wrong during the whole round
 * @param victim what is killed while the connector repairs
 */
record RepairRound(int number, List<Loss> losses, HistoryFault history, Victim victim) {

  /** A process that is killed with SIGKILL and started again. */
  enum Victim {
    NONE,
    WORKER,
    BROKER
  }

  private static final List<Loss.Ending> ENDINGS = List.of(Loss.Ending.values());
  private static final int MAX_LOSSES = 3;
  private static final int MAX_TRADES = 40;

  /** In every ten rounds, the worker is killed once and the broker once. */
  private static final int CYCLE = 10;

  private static final int ROUND_OF_WORKER = 3;
  private static final int ROUND_OF_BROKER = 7;

  static RepairRound of(long seed, int number) {
    String name = seed + " round " + number;
    // Hashed, because neighbouring seeds would begin alike.
    Random random =
        new Random(
            UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits());
    List<Loss> losses = new ArrayList<>();
    int count = 1 + random.nextInt(MAX_LOSSES);
    for (int i = 0; i < count; i++) {
      losses.add(loss(random));
    }
    Victim victim =
        switch (number % CYCLE) {
          case ROUND_OF_WORKER -> Victim.WORKER;
          case ROUND_OF_BROKER -> Victim.BROKER;
          default -> Victim.NONE;
        };
    if (victim == Victim.NONE) {
      return new RepairRound(number, losses, historyFault(number, random), victim);
    }
    // The answers are slow enough for the kill to come during the repair.
    losses.add(new Loss.InTheMiddle(product(random), 1 + random.nextInt(MAX_TRADES)));
    return new RepairRound(number, losses, new HistoryFault.Slow(3, 2_000), victim);
  }

  private static Loss loss(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Loss.InTheMiddle(product(random), 1 + random.nextInt(MAX_TRADES));
      case 2, 3 -> new Loss.AtTheEnd(product(random), 1 + random.nextInt(MAX_TRADES));
      case 4 ->
          new Loss.OfAbsentIds(
              product(random), random.nextInt(4), 1 + random.nextInt(5), random.nextInt(4));
      case 5, 6 -> new Loss.OfConnection(ENDINGS.get(random.nextInt(ENDINGS.size())));
      default -> random.nextBoolean() ? new Loss.OfServer(1_000) : new Loss.OfTask();
    };
  }

  /**
   * The kinds take turns, so that ten rounds have all of them. The connector waits a second after
   * the first failure, and twice as long after each further one.
   */
  private static HistoryFault historyFault(int number, Random random) {
    return switch (number % 5) {
      case 0 -> new HistoryFault.RateLimited(1 + random.nextInt(4));
      case 1 ->
          new HistoryFault.Failing(
              1 + random.nextInt(3), List.of(500, 502, 503).get(random.nextInt(3)));
      case 2 -> new HistoryFault.Late(500 + random.nextInt(3_500));
      case 3 -> new HistoryFault.Slow(1 + random.nextInt(3), 500 + random.nextInt(1_500));
      default -> new HistoryFault.None();
    };
  }

  private static String product(Random random) {
    return TestPipeline.PRODUCTS.get(random.nextInt(TestPipeline.PRODUCTS.size()));
  }
}
