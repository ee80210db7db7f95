package io.marketstream.embedded.component;

/** A Spark application, run by {@code SparkSubmit}. Ready once it says {@code started}. */
public interface SparkJob extends Component {}
