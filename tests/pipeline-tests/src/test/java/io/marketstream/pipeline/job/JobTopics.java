package io.marketstream.pipeline.job;

/** The topics of one run of the job, and the options that name them. */
record JobTopics(String ticks, String gaps, String rejected) {}
