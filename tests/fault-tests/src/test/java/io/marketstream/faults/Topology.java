package io.marketstream.faults;

import io.marketstream.pipeline.FeedRates;
import io.marketstream.pipeline.TestPipeline;
import io.marketstream.pipeline.TestStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The components of a fault run, how fast the feeds send, and which faults are injected. */
interface Topology {
  /** The name in the report. */
  String name();

  /** Makes a stack that keeps everything in this folder, and does not start it. */
  TestStack stack(Path home);

  /** How fast the feeds send. */
  FeedRates rates();

  /** The parts that faults hit, and how often. The same for every run. */
  List<FaultShare> cycle();

  /**
   * Returns the faults of each part of {@link #cycle()}. Each fault occurs once, and the order is
   * the same for every run.
   *
   * @param pipeline that runs; rows of every feed arrive
   * @param members chooses the members of clusters that are hit
   */
  Map<String, List<Fault>> faults(TestPipeline pipeline, Random members);

  /** Called when the pipeline of a run is closed, or could not be made. */
  default void ended() {}
}
