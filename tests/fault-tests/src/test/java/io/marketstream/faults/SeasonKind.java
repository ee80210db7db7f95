package io.marketstream.faults;

import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a season runs on, at which rate, and what strikes there. */
interface SeasonKind {
  /** What the report calls it. */
  String name();

  /** Fresh components, not started, that keep everything in this folder. */
  RealComponents components(Path home);

  /** How fast the feeds run. */
  FeedRates rates();

  /** Which parts the schedule strikes, and how often; the same for every season. */
  List<FaultShare> cycle();

  /**
   * The faults of each part of {@link #cycle()}; the same kinds in the same order for every season,
   * each once.
   *
   * @param pipeline that runs, rows of both feeds arrive
   * @param members decides which of a cluster's members is struck
   */
  Map<String, List<Fault>> faults(RunningPipeline pipeline, Random members);

  /** The season's pipeline is closed, or could not be made. */
  default void ended() {}
}
