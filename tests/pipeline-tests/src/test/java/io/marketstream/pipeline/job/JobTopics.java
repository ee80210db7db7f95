package io.marketstream.pipeline.job;

import io.marketstream.pipeline.TestStack;

/** The topics of one run of the job. */
record JobTopics(String ticks, String gaps, String rejected) {

  /** Returns names that no other test has. Does not create the topics. */
  static JobTopics unique(String word) {
    String stem = TestStack.unique(word, "-");
    return new JobTopics(stem, stem + "-gaps", stem + "-rejected");
  }
}
