package io.marketstream.pipeline.faults;

import io.marketstream.pipeline.RealComponents;
import java.nio.file.Path;
import java.util.List;

/** What a season runs on, at which rate, and what strikes there. */
interface SeasonKind {
  /** What the report calls it. */
  String name();

  /** Fresh components, not started, that keep everything in this folder. */
  RealComponents components(Path home);

  /** How fast the feeds run. */
  FeedRates rates();

  /**
   * What the schedule draws from; the same kinds in the same order for every season, each once.
   *
   * @param pipeline that runs, rows of both feeds arrive
   */
  List<FaultGroup> faults(RunningPipeline pipeline);

  /** The season's pipeline is closed, or could not be made. */
  default void ended() {}
}
